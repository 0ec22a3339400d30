package dev.retort.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceDataset;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderAxis;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderNames;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.model.decoder.Norm;
import dev.retort.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderPruningTest {

  private static final SequenceDataset TEXTS = Decoders.texts(30, 1);

  /// A quarter of the channels.
  private static final Set<Integer> DEAD = Set.of(0, 3, 5, 11, 17, 18, 30, 31);

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "qwen2", "qwen3", "gemma3", "gpt2"})
  void cuttingNothingChangesNoBit(String family) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(family);
        CausalLanguageModel same = DecoderPruning.of(model, TEXTS).narrowed(model.config())) {
      assertThat(Decoders.logits(same, TEXTS)).isDeepEqualTo(Decoders.logits(model, TEXTS));
    }
  }

  /// Whole groups of heads, or some heads of every group; tied and untied heads, gates, biases,
  /// windows, and all norms.
  @ParameterizedTest
  @CsvSource({
    "llama, 2, 1",
    "llama, 2, 2",
    "llama-tied, 2, 2",
    "mistral, 3, 1",
    "qwen2, 2, 1",
    "qwen3, 2, 2",
    "gemma3, 2, 1",
    "gpt2, 3, 3"
  })
  void whatIsDeadCanBeCut(String family, int heads, int keyValueHeads) throws IOException {
    try (CausalLanguageModel model = withoutEpsilon(GoldenDecoders.model(family))) {
      DecoderConfig from = model.config();
      DecoderConfig to =
          from.resized(
              24,
              from.attention().withHeads(heads, keyValueHeads),
              from.intermediateSize() * 3 / 4);
      silenceChannels(model);
      for (int layer = 0; layer < from.layers(); layer++) {
        killNeurons(model, layer);
        killHeads(model, layer, to);
      }
      float[][] before = Decoders.logits(model, TEXTS);
      try (CausalLanguageModel narrow = DecoderPruning.of(model, TEXTS).narrowed(to)) {
        float[][] after = Decoders.logits(narrow, TEXTS);
        for (int row = 0; row < before.length; row++) {
          assertThat(after[row]).containsExactly(before[row], within(5e-5f));
        }
      }
      assertThat(Decoders.logits(model, TEXTS)).isDeepEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "gemma3", "gpt2"})
  void everyParameterIsCutToTheNewShape(String family) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(family)) {
      DecoderConfig from = model.config();
      DecoderConfig to =
          from.resized(16, from.attention().withHeads(2, family.equals("gemma3") ? 1 : 2), 20);
      try (CausalLanguageModel narrow = DecoderPruning.of(model, TEXTS).narrowed(to)) {
        assertThat(narrow.config()).isEqualTo(to);
        assertThat(narrow.parameters().byName().sequencedKeySet())
            .containsExactlyElementsOf(model.parameters().byName().sequencedKeySet());
        narrow
            .parameters()
            .byName()
            .forEach((name, tensor) ->
                assertThat(tensor.shape())
                    .as(name)
                    .containsExactly(
                        DecoderAxis.of(name).stream()
                            .mapToLong(axis -> axis.length(to))
                            .toArray()));
        assertThat(Decoders.logits(narrow, TEXTS)[0]).hasSize(96);
      }
    }
  }

  @Test
  void theStrongestOfEachLayerStayInTheirOrder() throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("llama")) {
      DecoderConfig from = model.config();
      louder(model, DecoderNames.layer(0, DecoderNames.UP), Set.of(40, 7));
      louder(model, DecoderNames.layer(1, DecoderNames.UP), Set.of(2, 31));
      louder(model, DecoderNames.layer(1, DecoderNames.VALUE), features(1, 8));
      DecoderImportance importance = new DecoderImportance(Activations.of(model, TEXTS), from);

      Kept<DecoderAxis> kept =
          importance.kept(from.resized(32, from.attention().withHeads(2, 1), 2));

      assertThat(places(kept, DecoderAxis.INTERMEDIATE, 0)).containsExactly(7, 40);
      assertThat(places(kept, DecoderAxis.INTERMEDIATE, 1)).containsExactly(2, 31);
      assertThat(places(kept, DecoderAxis.KEY_VALUE_HEADS, 1))
          .containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
      // The two query heads that read it.
      assertThat(places(kept, DecoderAxis.QUERY_HEADS, 1))
          .containsExactly(IntStream.range(16, 32).toArray());
    }
  }

  @Test
  void theSameTextsGiveTheSameNetwork() throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("qwen3")) {
      DecoderConfig to = model.config().resized(16, model.config().attention().withHeads(2, 1), 30);
      try (CausalLanguageModel one = DecoderPruning.of(model, TEXTS).narrowed(to);
          CausalLanguageModel other = DecoderPruning.of(model, TEXTS).narrowed(to)) {
        assertThat(weights(one)).usingRecursiveComparison().isEqualTo(weights(other));
      }
    }
  }

  @Test
  void whatIsNotNarrowerIsRefused() throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("llama")) {
      DecoderPruning pruning = DecoderPruning.of(model, TEXTS);
      DecoderConfig from = model.config();
      for (DecoderConfig to :
          List.of(
              from.resized(40, from.attention(), 48),
              from.resized(32, from.attention(), 49),
              from.resized(32, from.attention().withHeads(4, 1), 48),
              from.withLayers(List.of(0)))) {
        assertThatThrownBy(() -> pruning.narrowed(to))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("cannot be narrowed to");
      }
    }
  }

  /// An ε that weighs something makes the share of what is kept differ from token to token.
  private static CausalLanguageModel withoutEpsilon(CausalLanguageModel model) {
    DecoderConfig config = model.config();
    return new CausalLanguageModel(
        new DecoderConfig(
            config.family(),
            config.hiddenSize(),
            config.attention(),
            config.intermediateSize(),
            config.vocabularySize(),
            config.tokens(),
            config.positions(),
            1e-12,
            config.activation(),
            config.tied(),
            config.biases(),
            config.spans()),
        model.parameters());
  }

  /// Dead channels are always 0. The others have no mean, and layer normalisations no gain, so that
  /// these alone decide what all normalisations divide by.
  private static void silenceChannels(CausalLanguageModel model) {
    boolean layerNorm = model.config().family().traits().norm() == Norm.LAYER;
    for (String name : model.parameters().byName().sequencedKeySet()) {
      if (name.startsWith("embed_")) {
        Decoders.edit(
            model, name, rows -> Arrays.stream(rows).forEach(DecoderPruningTest::silence));
      } else if (DecoderAxis.of(name).getFirst() == DecoderAxis.HIDDEN && isLinear(name)) {
        Decoders.edit(model, name, DecoderPruningTest::silenceOutputs);
      } else if (layerNorm && name.contains("norm")) {
        float value = name.endsWith(".weight") ? 1 : 0;
        Decoders.edit(model, name, rows -> Arrays.fill(rows[0], value));
      }
    }
  }

  private static boolean isLinear(String name) {
    return name.contains("_proj.");
  }

  private static void silenceOutputs(float[][] rows) {
    if (rows.length == 1) {
      silence(rows[0]);
      return;
    }
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

  private static void silence(float[] channels) {
    DEAD.forEach(channel -> channels[channel] = 0);
    double mean =
        IntStream.range(0, channels.length).mapToDouble(i -> channels[i]).sum()
            / (channels.length - DEAD.size());
    for (int i = 0; i < channels.length; i++) {
      channels[i] = DEAD.contains(i) ? 0 : (float) (channels[i] - mean);
    }
  }

  private static void killNeurons(CausalLanguageModel model, int layer) {
    int neurons = model.config().intermediateSize();
    Set<Integer> dead =
        IntStream.range(0, neurons / 4).mapToObj(i -> 4 * i + layer).collect(Collectors.toSet());
    Decoders.mute(model, DecoderNames.layer(layer, DecoderNames.UP), dead);
  }

  /// Nobody reads the heads that matter least in a layer whose inputs are as they will be.
  private static void killHeads(CausalLanguageModel model, int layer, DecoderConfig to) {
    Kept<DecoderAxis> kept =
        new DecoderImportance(Activations.of(model, TEXTS), model.config()).kept(to);
    Set<Integer> alive =
        Arrays.stream(places(kept, DecoderAxis.QUERY_HEADS, layer))
            .boxed()
            .collect(Collectors.toSet());
    Decoders.edit(
        model,
        DecoderNames.layer(layer, DecoderNames.ATTENTION_OUTPUT) + ".weight",
        rows -> {
          for (float[] row : rows) {
            IntStream.range(0, row.length)
                .filter(feature -> !alive.contains(feature))
                .forEach(feature -> row[feature] = 0);
          }
        });
  }

  private static int[] places(Kept<DecoderAxis> kept, DecoderAxis axis, int layer) {
    return kept.places(axis, OptionalInt.of(layer)).orElseThrow();
  }

  private static Set<Integer> features(int head, int size) {
    return IntStream.range(head * size, (head + 1) * size).boxed().collect(Collectors.toSet());
  }

  private static void louder(CausalLanguageModel model, String module, Set<Integer> outputs) {
    Decoders.edit(
        model,
        module + ".weight",
        rows ->
            outputs.forEach(row -> {
              for (int i = 0; i < rows[row].length; i++) {
                rows[row][i] *= 200;
              }
            }));
  }

  private static List<float[]> weights(CausalLanguageModel model) {
    return model.parameters().all().stream().map(Tensor::toFloats).toList();
  }
}
