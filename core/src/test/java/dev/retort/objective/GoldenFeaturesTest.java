package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// The golden vectors (`golden/losses.json`) of losses on hidden states, attention and relations.
class GoldenFeaturesTest {

  private static final List<String> LOSSES =
      List.of(
          "hidden_mse",
          "hidden_cosine",
          "hidden_mse_projected",
          "attention_mse",
          "minilm_relation_kl",
          "rkd_distance");

  @TestFactory
  Stream<DynamicTest> doublePrecision() throws IOException {
    return GoldenCases.inDoublePrecision(GoldenFeaturesTest::isCovered, GoldenFeaturesTest::check);
  }

  @TestFactory
  Stream<DynamicTest> singlePrecision() throws IOException {
    return GoldenCases.inSinglePrecision(GoldenFeaturesTest::isCovered, GoldenFeaturesTest::check);
  }

  private static boolean isCovered(JsonNode golden) {
    return LOSSES.contains(golden.path("loss").asString());
  }

  private static void check(JsonNode golden, DType type, double relative, double ofGradient) {
    Tensor student =
        nested(golden.path("inputs").path(golden.path("gradWrt").asString()), type).requiresGrad();
    Tensor mean = mean(golden, student, type);
    mean.backward();

    double expected = golden.path("expected").asDouble();
    assertThat(mean.item()).isCloseTo(expected, within(relative * Math.max(1, expected)));
    assertThat(student.grad().toDoubles())
        .containsExactly(
            GoldenCases.numbers(golden.path("gradient")).toArray(), within(ofGradient));
  }

  private static Tensor mean(JsonNode golden, Tensor student, DType type) {
    JsonNode inputs = golden.path("inputs");
    return switch (golden.path("loss").asString()) {
      case "hidden_mse" -> hidden(inputs, student, type, HiddenMse::perToken);
      case "hidden_cosine" -> hidden(inputs, student, type, HiddenCosine::perToken);
      case "hidden_mse_projected" -> hidden(inputs, student, type, HiddenMse::perToken);
      case "attention_mse" -> attention(inputs, student, type);
      case "minilm_relation_kl" -> {
        int heads = golden.path("params").path("relationHeads").asInt();
        Tensor mask = mask(inputs);
        yield new MiniLmRelations(heads, -1, -1)
            .relation(student, nested(inputs.path("teacherVectors"), type), mask)
            .times(1.0 / count(mask));
      }
      default -> RelationalDistance.mean(student, nested(inputs.path("teacherEmbeddings"), type));
    };
  }

  private static Tensor hidden(
      JsonNode inputs, Tensor student, DType type, HiddenFeature.TokenLoss loss) {
    SequencedMap<String, Tensor> maps = new LinkedHashMap<>();
    if (inputs.has("projection")) {
      maps.put("projection.0-0", nested(inputs.path("projection"), type));
    }
    Tensor mask = mask(inputs);
    return new HiddenFeature(List.of(new LayerPair(0, 0)), maps, loss)
        .sum(states(student), states(nested(inputs.path("teacherHidden"), type)), mask)
        .times(1.0 / count(mask));
  }

  private static EncoderOutput states(Tensor hidden) {
    return new EncoderOutput(hidden, List.of(hidden), List.of(), List.of());
  }

  private static Tensor attention(JsonNode inputs, Tensor student, DType type) {
    Tensor mask = mask(inputs);
    long[] lengths = new long[(int) mask.size(0)];
    for (int text = 0; text < lengths.length; text++) {
      lengths[text] = (long) mask.select(0, text).sum().item();
    }
    ModelShape shape = new ModelShape(1, 4, (int) student.size(1));
    BoundFeature bound =
        new AttentionMse(new Layers(LayerMap.LAST, List.of()), HeadMismatch.REFUSE)
            .bind(shape, shape, 1);
    return bound
        .sum(scores(student), scores(nested(inputs.path("teacherScores"), type)), mask)
        .times(1.0 / bound.count(lengths));
  }

  private static EncoderOutput scores(Tensor scores) {
    return new EncoderOutput(scores, List.of(), List.of(scores), List.of());
  }

  private static long count(Tensor mask) {
    return (long) mask.sum().item();
  }

  private static Tensor mask(JsonNode inputs) {
    return nested(inputs.path("mask"), DType.FLOAT64).to(DType.INT64);
  }

  private static Tensor nested(JsonNode node, DType type) {
    List<Long> shape = new java.util.ArrayList<>();
    for (JsonNode at = node; at.isArray(); at = at.get(0)) {
      shape.add((long) at.size());
    }
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    return Tensors.of(GoldenCases.numbers(node).toArray(), sizes).to(type).detach();
  }
}
