package dev.retort.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.Parameters;
import dev.retort.model.Precision;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every family against what transformers computes; the README beside the files says how they were
/// made.
class DecoderParityTest {

  private static final float TOLERANCE = 1e-4f;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "qwen2", "qwen3", "gemma3", "gpt2"})
  void logitsAreThoseOfTransformers(String name) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(name);
        SafetensorsFile expected = GoldenDecoders.expected(name)) {
      List<long[]> sequences = GoldenDecoders.sequences(expected);
      // In one batch, in an order in which neighbours of one length are computed together.
      for (int[] order : new int[][] {{0, 1, 2}, {2, 2, 0, 1, 1, 1}}) {
        try (Scope _ = Scope.open()) {
          SequenceBatch batch = GoldenDecoders.batch(sequences, order);
          Tensor hiddenND = model.hidden(batch, ForwardMode.EVALUATE);
          Tensor logitsNV = model.head().logits(hiddenND);
          assertRows(hiddenND, order, expected, "hidden.");
          assertRows(logitsNV, order, expected, "logits.");
        }
      }
    }
  }

  private static void assertRows(
      Tensor actual, int[] order, SafetensorsFile expected, String prefix) {
    long first = 0;
    for (int sequence : order) {
      Tensor part = Tensors.of(expected.get(prefix + sequence));
      assertThat(actual.narrow(0, first, part.size(0)).toFloats())
          .as("%s%d", prefix, sequence)
          .containsExactly(part.toFloats(), within(TOLERANCE));
      first += part.size(0);
    }
    assertThat(actual.size(0)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma3", "gpt2"})
  void gradientsAreThoseOfTransformers(String name) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(name);
        SafetensorsFile expected = GoldenDecoders.expected(name)) {
      SequenceBatch batch =
          GoldenDecoders.batch(GoldenDecoders.sequences(expected), new int[] {0, 1, 2});
      SequencedMap<String, Tensor> gradients;
      try (Scope _ = Scope.open()) {
        Tensor logitsRV =
            model.head().logits(model.forward(batch, ForwardMode.EVALUATE).pooledND());
        long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
        Tensor labelsR1 = Tensors.of(labels, labels.length, 1);
        Tensor loss = Functions.logSoftmax(logitsRV, -1).gather(-1, labelsR1).sum().times(-1);
        loss.backward();
        assertThat(loss.item())
            .isCloseTo(Tensors.of(expected.get("loss")).toFloats()[0], within(1e-3));

        gradients = DecoderWeights.toCheckpoint(gradients(model.parameters()), model.config());
        List<String> compared = new ArrayList<>();
        gradients.forEach((parameter, gradient) -> {
          float[] golden = Tensors.of(expected.get("gradient." + parameter)).toFloats();
          assertThat(gradient.toFloats()).as(parameter).containsExactly(golden, within(2e-3f));
          compared.add(parameter);
        });
        assertThat(compared).hasSize(countOf(expected));
      }
    }
  }

  private static int countOf(SafetensorsFile expected) {
    return (int) expected.names().stream().filter(name -> name.startsWith("gradient.")).count();
  }

  private static Parameters gradients(Parameters parameters) {
    SequencedMap<String, Tensor> gradients = parameters.byName();
    gradients.replaceAll((_, tensor) -> tensor.grad());
    return new Parameters(gradients);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied", "qwen3", "gemma3", "gpt2"})
  void aFrozenModelSaysWhatCastingEveryTimeSays(String name) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(name);
        CausalLanguageModel frozen = model.frozen(Precision.BF16);
        SafetensorsFile expected = GoldenDecoders.expected(name);
        Scope _ = Scope.open()) {
      SequenceBatch batch =
          GoldenDecoders.batch(GoldenDecoders.sequences(expected), new int[] {0, 1, 2});
      ForwardMode mode = ForwardMode.evaluate(Precision.BF16);
      float[] cast = model.hidden(batch, mode).toFloats();

      assertThat(frozen.hidden(batch, mode).toFloats()).containsExactly(cast);
      assertThat(cast)
          .containsExactly(model.hidden(batch, ForwardMode.EVALUATE).toFloats(), within(0.5f));
      assertThat(frozen.parameters().all()).anyMatch(t -> t.dtype() == DType.BFLOAT16);
    }
  }

  @Test
  void aSequenceSeesNothingOfItsNeighbours() throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("llama");
        SafetensorsFile expected = GoldenDecoders.expected("llama");
        Scope _ = Scope.open()) {
      List<long[]> sequences = GoldenDecoders.sequences(expected);
      float[] before = second(model, GoldenDecoders.batch(sequences, new int[] {0, 1}));
      sequences.set(0, sequences.getFirst().clone());
      Arrays.fill(sequences.getFirst(), 5);

      float[] after = second(model, GoldenDecoders.batch(sequences, new int[] {0, 1}));

      assertThat(after).containsExactly(before);
    }
  }

  private static float[] second(CausalLanguageModel model, SequenceBatch batch) {
    long first = batch.lengths()[0];
    return model
        .hidden(batch, ForwardMode.EVALUATE)
        .narrow(0, first, batch.ids().length - first)
        .toFloats();
  }
}
