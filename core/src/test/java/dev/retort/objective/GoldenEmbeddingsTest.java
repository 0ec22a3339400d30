package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// The golden vectors (`golden/losses.json`) of losses on embeddings, similarities and preferences.
class GoldenEmbeddingsTest {

  private static final List<String> LOSSES = List.of("margin_mse", "clip_relational", "dpo");

  @TestFactory
  Stream<DynamicTest> doublePrecision() throws IOException {
    return GoldenCases.inDoublePrecision(
        GoldenEmbeddingsTest::isCovered, GoldenEmbeddingsTest::check);
  }

  @TestFactory
  Stream<DynamicTest> singlePrecision() throws IOException {
    return GoldenCases.inSinglePrecision(
        GoldenEmbeddingsTest::isCovered, GoldenEmbeddingsTest::check);
  }

  private static boolean isCovered(JsonNode golden) {
    return LOSSES.contains(golden.path("loss").asString());
  }

  private static void check(JsonNode golden, DType type, double relative, double ofGradient) {
    Inputs inputs = new Inputs(golden, type);
    Tensor student = inputs.get(golden.path("gradWrt").asString());
    Tensor mean =
        switch (golden.path("loss").asString()) {
          case "margin_mse" -> margin(inputs);
          case "clip_relational" ->
              relational(inputs, golden.path("params").path("temperature").asDouble());
          default -> preference(inputs, golden.path("params"));
        };
    mean.backward();

    double expected = golden.path("expected").asDouble();
    assertThat(mean.item()).isCloseTo(expected, within(relative * Math.max(1, expected)));
    assertThat(student.grad().toDoubles())
        .containsExactly(
            GoldenCases.numbers(golden.path("gradient")).toArray(), within(ofGradient));
  }

  /// A positive and a negative passage are two columns.
  private static Tensor margin(Inputs inputs) {
    Tensor studentNC = columns(inputs.get("studentPositive"), inputs.get("studentNegative"));
    Tensor teacherNC = columns(inputs.get("teacherPositive"), inputs.get("teacherNegative"));
    return Similarities.margins(studentNC, teacherNC).times(1.0 / studentNC.size(0));
  }

  private static Tensor columns(Tensor left, Tensor right) {
    return Tensors.concatenate(List.of(left.unsqueeze(1), right.unsqueeze(1)), 1);
  }

  /// Images against texts and texts against images, half each.
  private static Tensor relational(Inputs inputs, double temperature) {
    Tensor studentNN = cosines(inputs.get("studentImage"), inputs.get("studentText"));
    Tensor teacherNN = cosines(inputs.get("teacherImage"), inputs.get("teacherText"));
    Tensor images = Similarities.kl(studentNN, teacherNN, temperature);
    Tensor texts =
        Similarities.kl(studentNN.transpose(0, 1), teacherNN.transpose(0, 1), temperature);
    return images.plus(texts).times(0.5 / studentNN.size(0));
  }

  private static Tensor cosines(Tensor a, Tensor b) {
    return Functions.normalize(a).matmul(Functions.normalize(b).transpose(0, 1));
  }

  private static Tensor preference(Inputs inputs, JsonNode params) {
    DirectPreference loss =
        new DirectPreference(
            params.path("beta").asDouble(), params.path("labelSmoothing").asDouble());
    Tensor chosen = inputs.get("policyChosen");
    return loss.sum(
            new AnswerObjective.Answers(chosen, inputs.get("policyRejected")),
            new AnswerObjective.Answers(
                inputs.get("referenceChosen"), inputs.get("referenceRejected")))
        .times(1.0 / chosen.size(0));
  }

  /// The inputs of a case as tensors, of which one gathers gradients.
  private static final class Inputs {

    private final JsonNode golden;
    private final DType type;
    private final Tensor leaf;

    Inputs(JsonNode golden, DType type) {
      this.golden = golden;
      this.type = type;
      this.leaf = tensor(golden.path("gradWrt").asString()).requiresGrad();
    }

    Tensor get(String name) {
      return name.equals(golden.path("gradWrt").asString()) ? leaf : tensor(name);
    }

    private Tensor tensor(String name) {
      JsonNode node = golden.path("inputs").path(name);
      double[] values = GoldenCases.numbers(node).toArray();
      Tensor flat = Tensors.of(values, values.length);
      return (node.path(0).isArray() ? flat.reshape(node.size(), node.path(0).size()) : flat)
          .to(type);
    }
  }
}
