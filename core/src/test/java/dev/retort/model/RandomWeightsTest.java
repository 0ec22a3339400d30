package dev.retort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RandomWeightsTest {

  private static final List<String> LABELS = List.of("a", "b", "c");

  static List<Family> families() {
    return Family.ALL;
  }

  private static EncoderConfig config(Family family) {
    int types = family instanceof DistilBert ? 0 : 2;
    return new EncoderConfig(
        family, 2, 32, 4, 48, 200, 40, types, 1e-12, Activation.GELU, 0.1, 0.1, 1);
  }

  @ParameterizedTest
  @MethodSource("families")
  void matricesAreSmallBiasesZeroAndGainsOne(Family family) {
    Head head = new Head.FirstToken(family.headActivation());
    try (TextClassifier model = RandomWeights.classifier(config(family), head, LABELS, 3)) {
      assertThat(model.parameters().byName().sequencedKeySet())
          .containsAll(EncoderNames.all(model.config()))
          .contains("head.dense.weight", "head.output.bias");
      model.parameters().byName().forEach(RandomWeightsTest::check);
    }
  }

  private static void check(String name, Tensor tensor) {
    float[] values = tensor.toFloats();
    if (name.endsWith(".bias")) {
      assertThat(values).as(name).containsOnly(0);
    } else if (name.contains("LayerNorm")) {
      assertThat(values).as(name).containsOnly(1);
    } else {
      double[] squares = new double[values.length];
      Arrays.setAll(squares, i -> values[i] * values[i]);
      double deviation = Math.sqrt(Arrays.stream(squares).average().orElseThrow());
      assertThat(deviation).as(name).isCloseTo(0.02, within(0.08 / Math.sqrt(values.length)));
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void theNetworkAnswers(Family family) {
    Head head = new Head.PooledLinear(Pooling.MEAN);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        TextClassifier model = RandomWeights.classifier(config(family), head, LABELS, 3)) {
      long[] ids = {5, 6, 7, 8, 9, 1};
      TokenBatch batch =
          new TokenBatch(
              Tensors.of(ids, 2, 3),
              Tensors.of(new long[6], 2, 3),
              Tensors.of(new long[] {1, 1, 1, 1, 1, 0}, 2, 3));

      float[] logits = model.forward(batch, ForwardMode.EVALUATE).logitsNV().toFloats();

      assertThat(logits).hasSize(6).doesNotContain(0).doesNotContain(Float.NaN);
    }
  }

  @Test
  void theSeedDecidesTheWeights() {
    Head head = new Head.PooledLinear(Pooling.MEAN);
    EncoderConfig config = config(new Bert());
    try (TextClassifier one = RandomWeights.classifier(config, head, LABELS, 3);
        TextClassifier same = RandomWeights.classifier(config, head, LABELS, 3);
        TextClassifier other = RandomWeights.classifier(config, head, LABELS, 4)) {
      for (String name : List.of(EncoderNames.WORD, "head.output.weight")) {
        float[] values = one.parameters().get(name).toFloats();
        assertThat(same.parameters().get(name).toFloats()).isEqualTo(values);
        assertThat(other.parameters().get(name).toFloats()).isNotEqualTo(values);
      }
    }
  }
}
