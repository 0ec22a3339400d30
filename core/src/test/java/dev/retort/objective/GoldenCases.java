package dev.retort.objective;

import dev.retort.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The cases of `golden/losses.json` as tests.
final class GoldenCases {

  /// Compares a case with what Retort computes.
  @FunctionalInterface
  interface Check {

    /// `ofGradient` allows for the finite differences that the expected gradients come from.
    void run(JsonNode golden, DType type, double relative, double ofGradient);
  }

  private GoldenCases() {}

  /// A test for each case that is `chosen`, in double precision.
  static Stream<DynamicTest> inDoublePrecision(Predicate<JsonNode> chosen, Check check)
      throws IOException {
    return tests(chosen, golden -> check.run(golden, DType.FLOAT64, 1e-10, 1e-8));
  }

  /// A test for each case that is `chosen`, in single precision.
  static Stream<DynamicTest> inSinglePrecision(Predicate<JsonNode> chosen, Check check)
      throws IOException {
    return tests(chosen, golden -> check.run(golden, DType.FLOAT32, 1e-6, 1e-5));
  }

  private static Stream<DynamicTest> tests(Predicate<JsonNode> chosen, Consumer<JsonNode> check)
      throws IOException {
    try (InputStream file = GoldenCases.class.getResourceAsStream("/golden/losses.json")) {
      return JsonMapper.shared().readTree(file).path("cases").valueStream().toList().stream()
          .filter(chosen)
          .map(golden ->
              DynamicTest.dynamicTest(
                  golden.path("loss").asString() + golden.path("params"),
                  () -> check.accept(golden)));
    }
  }

  /// All numbers in nested arrays, in their order.
  static DoubleStream numbers(JsonNode node) {
    return node.isArray()
        ? node.valueStream().flatMapToDouble(GoldenCases::numbers)
        : DoubleStream.of(node.asDouble());
  }
}
