package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.signal.Distribution;
import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// The independent golden vectors (`golden/losses.json`): value and gradient of each loss, in
/// double and single precision. The cases of losses that Retort has are run; the file holds more.
class GoldenLossesTest {

  @TestFactory
  Stream<DynamicTest> doublePrecision() throws IOException {
    return GoldenCases.inDoublePrecision(GoldenLossesTest::isCovered, GoldenLossesTest::check);
  }

  @TestFactory
  Stream<DynamicTest> singlePrecision() throws IOException {
    return GoldenCases.inSinglePrecision(GoldenLossesTest::isCovered, GoldenLossesTest::check);
  }

  private static boolean isCovered(JsonNode golden) {
    return objective(golden).isPresent();
  }

  private static Optional<RowObjective> objective(JsonNode golden) {
    JsonNode params = golden.path("params");
    double temperature = params.path("temperature").asDouble(1);
    double alpha = params.path("alpha").asDouble();
    return switch (golden.path("loss").asString()) {
      case "forward_kl", "top_k_tail_kl", "multi_teacher_mixture_kl" ->
          Optional.of(new ForwardKl(temperature));
      case "reverse_kl" -> Optional.of(new ReverseKl(temperature));
      case "jsd" -> Optional.of(new JensenShannon(temperature, params.path("beta").asDouble()));
      case "skew_kl" -> Optional.of(new SkewKl(temperature, alpha));
      case "skew_reverse_kl" -> Optional.of(new SkewReverseKl(temperature, alpha));
      case "tvd" -> Optional.of(new TotalVariation(temperature));
      case "adaptive_kl" -> Optional.of(new AdaptiveKl(temperature, params.path("mu").asDouble()));
      case "uld" -> Optional.of(new UniversalLogit(temperature));
      case "hinton" -> Optional.of(new Hinton(temperature, alpha));
      default -> Optional.empty();
    };
  }

  private static void check(
      JsonNode golden, DType type, double relative, double gradientTolerance) {
    JsonNode inputs = golden.path("inputs");
    Tensor student = flat(inputs.path("studentLogits")).to(type);
    Tensor rows = inputs.has("mask") ? indices(mask(inputs.path("mask"))) : all(student);
    Distribution teacher = teacher(golden, type, rows);
    RowLoss loss =
        objective(golden)
            .orElseThrow()
            .lossAndGradient(
                new Rows(student.indexSelect(0, rows), Optional.of(teacher), labels(inputs, rows)));

    double expected = golden.path("expected").asDouble();
    double mean = loss.sum().item() / rows.elements();
    assertThat(mean).isCloseTo(expected, within(relative * Math.max(1, Math.abs(expected))));

    double[] gradient = loss.gradientNV().times(1.0 / rows.elements()).toDoubles();
    double[] expectedGradient = flat(golden.path("gradient")).indexSelect(0, rows).toDoubles();
    assertThat(gradient).containsExactly(expectedGradient, within(gradientTolerance));
  }

  private static Tensor labels(JsonNode inputs, Tensor rows) {
    return inputs.has("labels")
        ? Tensors.of(
            GoldenCases.numbers(inputs.path("labels")).mapToLong(label -> (long) label).toArray(),
            rows.elements())
        : Tensors.of(new long[(int) rows.elements()], rows.elements());
  }

  private static Tensor all(Tensor student) {
    return Tensors.range(student.size(0));
  }

  private static Distribution teacher(JsonNode golden, DType type, Tensor rows) {
    JsonNode inputs = golden.path("inputs");
    if (inputs.has("teacherLogits1")) {
      Tensor first = flat(inputs.path("teacherLogits1")).to(type);
      double[] weights = GoldenCases.numbers(golden.path("params").path("weights")).toArray();
      Tensor weightsNM =
          Tensors.zeros(first.size(0), 2).to(type).plus(Tensors.of(weights, 1, 2).to(type));
      return new Distribution.Mixture(
          List.of(first, flat(inputs.path("teacherLogits2")).to(type)), weightsNM);
    }
    if (inputs.has("teacherLogits")) {
      return new Distribution.Dense(
          flat(inputs.path("teacherLogits")).to(type).indexSelect(0, rows));
    }
    return new Distribution.TopK(
        flat(inputs.path("topIds")).to(DType.INT64).indexSelect(0, rows),
        flat(inputs.path("topLogProbs")).to(type).indexSelect(0, rows),
        1);
  }

  /// Everything but the last dimension becomes rows.
  private static Tensor flat(JsonNode nested) {
    JsonNode node = nested;
    while (node.get(0).isArray()) {
      node = node.get(0);
    }
    double[] values = GoldenCases.numbers(nested).toArray();
    return Tensors.of(values, values.length / node.size(), node.size());
  }

  private static boolean[] mask(JsonNode mask) {
    double[] values = GoldenCases.numbers(mask).toArray();
    boolean[] counted = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      counted[i] = values[i] > 0;
    }
    return counted;
  }

  private static Tensor indices(boolean[] counted) {
    long[] rows =
        IntStream.range(0, counted.length).filter(i -> counted[i]).mapToLong(i -> i).toArray();
    assertThat(Arrays.stream(rows).count()).isPositive();
    return Tensors.of(rows, rows.length);
  }
}
