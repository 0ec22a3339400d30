package dev.retort.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Pooling;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.TextClassifier;
import dev.retort.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WidthPruningTest {

  private static final TokenizedDataset TEXTS = Networks.texts(40, 1);

  /// What the tests kill: a quarter of each axis, other places for each.
  private static final Set<Integer> DEAD_CHANNELS = Set.of(0, 3, 5, 11, 17, 18, 30, 31);

  private static final Set<Integer> DEAD_POOLED = Set.of(1, 2, 4, 8, 9, 16, 27, 28);

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "xlm-roberta"})
  void cuttingNothingChangesNoBit(String family) throws IOException {
    try (TextClassifier model = Networks.ofFamily(family, temporary);
        TextClassifier same = WidthPruning.of(model, TEXTS).narrowed(32, 4, 64)) {
      assertThat(same.config()).isEqualTo(model.config());
      assertThat(Networks.logits(same, TEXTS)).isDeepEqualTo(Networks.logits(model, TEXTS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "xlm-roberta"})
  void whatIsDeadCanBeCut(String family) throws IOException {
    try (TextClassifier model = Networks.ofFamily(family, temporary)) {
      killQuarter(model);
      killPooled(model);
      assertCutChangesNothing(model);
    }
  }

  @ParameterizedTest
  @EnumSource
  void soItCanUnderPooledHeads(Pooling pooling) throws IOException {
    try (TextClassifier model = Networks.pooled(pooling, temporary)) {
      killQuarter(model);
      assertCutChangesNothing(model);
    }
  }

  @Test
  void anEmbeddingKeepsItsStrongestChannels() throws IOException {
    try (TextClassifier model = Networks.embedder(temporary)) {
      killQuarter(model);
      try (TextClassifier narrow = WidthPruning.of(model, TEXTS).narrowed(24, 3, 48)) {
        int[] alive = IntStream.range(0, 32).filter(i -> !DEAD_CHANNELS.contains(i)).toArray();
        float[][] before = Predictor.embeddings(model, TEXTS, Precision.FP32);
        float[][] after = Predictor.embeddings(narrow, TEXTS, Precision.FP32);
        for (int row = 0; row < before.length; row++) {
          for (int i = 0; i < alive.length; i++) {
            assertThat(after[row][i]).isCloseTo(before[row][alive[i]], within(1e-6f));
          }
        }
      }
    }
  }

  private static void assertCutChangesNothing(TextClassifier model) {
    // An ε that weighs something makes the share of a deviation differ from token to token.
    float tolerance = (float) Math.max(1e-6, 10 * model.config().layerNormEpsilon());
    float[][] before = Networks.logits(model, TEXTS);
    try (TextClassifier narrow = WidthPruning.of(model, TEXTS).narrowed(24, 3, 48)) {
      float[][] after = Networks.logits(narrow, TEXTS);
      for (int row = 0; row < before.length; row++) {
        assertThat(after[row]).containsExactly(before[row], within(tolerance));
      }
    }
    assertThat(Networks.logits(model, TEXTS)).isDeepEqualTo(before);
  }

  @Test
  void everyParameterIsCutToTheNewShape() throws IOException {
    try (TextClassifier model = Networks.ofFamily("bert", temporary);
        TextClassifier narrow = WidthPruning.of(model, TEXTS).narrowed(16, 2, 20)) {
      EncoderConfig config = narrow.config();
      assertThat(config).isEqualTo(model.config().resized(3, 16, 2, 20));
      assertThat(config.headSize()).isEqualTo(8);
      assertThat(shape(narrow, EncoderNames.WORD)).containsExactly(120, 16);
      assertThat(shape(narrow, EncoderNames.POSITION)).containsExactly(40, 16);
      assertThat(shape(narrow, EncoderNames.TOKEN_TYPE)).containsExactly(2, 16);
      assertThat(shape(narrow, "embeddings.LayerNorm.weight")).containsExactly(16);
      assertThat(shape(narrow, "encoder.layer.1.attention.self.key.weight"))
          .containsExactly(16, 16);
      assertThat(shape(narrow, "encoder.layer.2.attention.output.dense.weight"))
          .containsExactly(16, 16);
      assertThat(shape(narrow, "encoder.layer.0.intermediate.dense.weight"))
          .containsExactly(20, 16);
      assertThat(shape(narrow, "encoder.layer.0.intermediate.dense.bias")).containsExactly(20);
      assertThat(shape(narrow, "encoder.layer.2.output.dense.weight")).containsExactly(16, 20);
      assertThat(shape(narrow, "head.dense.weight")).containsExactly(16, 16);
      assertThat(shape(narrow, "head.output.weight")).containsExactly(3, 16);
      assertThat(narrow.parameters().byName().sequencedKeySet())
          .containsExactlyElementsOf(model.parameters().byName().sequencedKeySet());
      assertThat(Networks.logits(narrow, TEXTS)).hasDimensions(40, 3);
    }
  }

  @Test
  void theStrongestNeuronsOfEachLayerStayInTheirOrder() throws IOException {
    try (TextClassifier model = Networks.ofFamily("bert", temporary)) {
      strengthen(model, 0, 60, 7, 33);
      strengthen(model, 1, 2, 59);
      try (TextClassifier narrow = WidthPruning.of(model, TEXTS).narrowed(32, 4, 2)) {
        assertThat(floats(narrow, "encoder.layer.0.intermediate.dense.bias"))
            .containsExactly(200, 300);
        assertThat(floats(narrow, "encoder.layer.1.intermediate.dense.bias"))
            .containsExactly(200, 100);
      }
    }
  }

  /// Lets neurons be active on every text, the first the most.
  private static void strengthen(TextClassifier model, int layer, int... neurons) {
    String module = EncoderNames.layer(layer, EncoderNames.INTERMEDIATE);
    for (int i = 0; i < neurons.length; i++) {
      int neuron = neurons[i];
      float activation = 100 * (neurons.length - i);
      Networks.edit(model, module + ".weight", rows -> Arrays.fill(rows[neuron], 0));
      Networks.edit(model, module + ".bias", rows -> rows[0][neuron] = activation);
    }
  }

  @Test
  void theSameTextsGiveTheSameNetwork() throws IOException {
    try (TextClassifier model = Networks.ofFamily("roberta", temporary);
        TextClassifier one = WidthPruning.of(model, TEXTS).narrowed(16, 2, 30);
        TextClassifier other = WidthPruning.of(model, TEXTS).narrowed(16, 2, 30)) {
      assertThat(weights(one)).usingRecursiveComparison().isEqualTo(weights(other));
    }
  }

  @Test
  void sizesThatDoNotFitAreRefused() throws IOException {
    try (TextClassifier model = Networks.ofFamily("bert", temporary)) {
      WidthPruning pruning = WidthPruning.of(model, TEXTS);
      for (int[] size : new int[][] {{40, 5, 64}, {32, 4, 65}, {16, 3, 64}}) {
        assertThatThrownBy(() -> pruning.narrowed(size[0], size[1], size[2]))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "a model of hidden size 32, 4 heads and intermediate size 64 cannot be narrowed to %d, %d and %d",
                size[0], size[1], size[2]);
      }
    }
  }

  /// Silences a quarter of channels, heads and neurons: channels are always 0, and the others have
  /// no mean, so that they alone decide what normalisations divide by; heads and neurons never say
  /// anything.
  private static void killQuarter(TextClassifier model) {
    for (String name : model.parameters().byName().sequencedKeySet()) {
      if (name.contains("LayerNorm")) {
        Networks.edit(model, name, rows -> Arrays.fill(rows[0], name.endsWith(".weight") ? 1 : 0));
      } else if (name.startsWith("embeddings.")) {
        Networks.edit(model, name, rows -> Arrays.stream(rows).forEach(WidthPruningTest::silence));
      } else if (name.contains("output.dense")) {
        Networks.edit(
            model,
            name,
            name.endsWith(".weight") ? WidthPruningTest::silenceColumns : rows -> silence(rows[0]));
      }
    }
    for (int layer = 0; layer < model.config().layers(); layer++) {
      killHeadAndNeurons(model, layer);
    }
  }

  /// Zero in the dead channels, and no mean over the others.
  private static void silence(float[] channels) {
    DEAD_CHANNELS.forEach(channel -> channels[channel] = 0);
    double mean =
        IntStream.range(0, channels.length).mapToDouble(i -> channels[i]).sum()
            / (channels.length - DEAD_CHANNELS.size());
    for (int i = 0; i < channels.length; i++) {
      channels[i] = DEAD_CHANNELS.contains(i) ? 0 : (float) (channels[i] - mean);
    }
  }

  private static void silenceColumns(float[][] rows) {
    for (int column = 0; column < rows[0].length; column++) {
      float[] channels = new float[rows.length];
      for (int row = 0; row < rows.length; row++) {
        channels[row] = rows[row][column];
      }
      silence(channels);
      for (int row = 0; row < rows.length; row++) {
        rows[row][column] = channels[row];
      }
    }
  }

  private static void killHeadAndNeurons(TextClassifier model, int layer) {
    int head = (layer + 1) % 4;
    Set<Integer> features =
        IntStream.range(8 * head, 8 * head + 8).boxed().collect(Collectors.toSet());
    mute(model, EncoderNames.layer(layer, EncoderNames.VALUE), features);
    Set<Integer> neurons =
        IntStream.range(0, 16).mapToObj(i -> 4 * i + layer).collect(Collectors.toSet());
    mute(model, EncoderNames.layer(layer, EncoderNames.INTERMEDIATE), neurons);
  }

  private static void killPooled(TextClassifier model) {
    mute(model, EncoderNames.HEAD_DENSE, DEAD_POOLED);
  }

  /// Lets outputs of a matrix be zero.
  private static void mute(TextClassifier model, String module, Set<Integer> outputs) {
    Networks.edit(
        model, module + ".weight", rows -> outputs.forEach(row -> Arrays.fill(rows[row], 0)));
    Networks.edit(model, module + ".bias", rows -> outputs.forEach(output -> rows[0][output] = 0));
  }

  private static long[] shape(TextClassifier model, String name) {
    return model.parameters().get(name).shape();
  }

  private static float[] floats(TextClassifier model, String name) {
    return model.parameters().get(name).toFloats();
  }

  private static List<float[]> weights(TextClassifier model) {
    return model.parameters().all().stream().map(Tensor::toFloats).toList();
  }
}
