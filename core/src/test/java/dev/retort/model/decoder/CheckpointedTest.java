package dev.retort.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.EncoderOutput;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.objective.PeakMemory;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Layers that are computed again for their gradient, against layers that are kept.
class CheckpointedTest {

  private static final SequenceBatch BATCH = texts(5, 9).batch(0, 1, 2, 3, 4);

  private static SequenceDataset texts(int count, int length) {
    return new SequenceDataset(
        IntStream.range(0, count)
            .mapToObj(row ->
                TokenSequence.completion(
                    IntStream.range(0, length + row % 2).map(i -> (row * 7 + i * 3) % 40).toArray(),
                    2))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "gemma3", "gpt2", "qwen2", "qwen3"})
  void gradientsAreEqualToTheBit(String family) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(family)) {
      Map<String, float[]> kept = gradients(model, Precision.FP32, false);
      Map<String, float[]> again = gradients(model, Precision.FP32, true);

      assertThat(again.keySet())
          .isEqualTo(kept.keySet())
          .hasSizeGreaterThan(5 * model.config().layers());
      again.forEach((name, gradient) ->
          assertThat(Arrays.equals(gradient, kept.get(name))).as(name).isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void adaptersGetTheSameGradients(Precision precision) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("llama");
        CausalLanguageModel adapted =
            model.adapted(
                new Lora(4, 8, List.of(Projection.QUERY, Projection.DOWN)), precision, 3)) {
      Map<String, float[]> kept = gradients(adapted, precision, false);
      Map<String, float[]> again = gradients(adapted, precision, true);

      assertThat(again.keySet()).isEqualTo(kept.keySet()).isNotEmpty();
      again.forEach((name, gradient) ->
          assertThat(Arrays.equals(gradient, kept.get(name))).as(name).isTrue());
    }
  }

  /// A loss on states adds its gradient to what comes from behind, or is all there is.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void statesInBetweenCanBeLearntFrom(boolean alone) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("llama")) {
      Map<String, float[]> kept = gradientsOfStates(model, false, alone);
      Map<String, float[]> again = gradientsOfStates(model, true, alone);

      assertThat(again.keySet()).isEqualTo(kept.keySet()).isNotEmpty();
      again.forEach((name, gradient) ->
          assertThat(relativeError(gradient, Objects.requireNonNull(kept.get(name))))
              .as(name)
              .isLessThan(1e-6));
    }
  }

  private static double relativeError(float[] actual, float... expected) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      error += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(error / norm);
  }

  private static Map<String, float[]> gradientsOfStates(
      CausalLanguageModel model, boolean again, boolean alone) {
    try (Scope _ = Scope.open()) {
      NetworkOutput output =
          model.forward(
              BATCH, ForwardMode.train(Precision.FP32, 1).capturing().checkpointing(again));
      EncoderOutput states = output.encoder().orElseThrow();
      List<Tensor> outputs = new ArrayList<>(List.of(states.hiddenBTD().get(1).square().sum()));
      List<Tensor> gradients = new ArrayList<>(List.of(Tensors.scalar(0.5)));
      if (!alone) {
        outputs.add(output.pooledND());
        gradients.add(weights(output.pooledND()));
      }
      Functions.backward(outputs, gradients);
      output.rest().ifPresent(Runnable::run);
      return taken(model);
    }
  }

  private static Map<String, float[]> gradients(
      CausalLanguageModel model, Precision precision, boolean again) {
    try (Scope _ = Scope.open()) {
      NetworkOutput output =
          model.forward(BATCH, ForwardMode.train(precision, 1).checkpointing(again));
      Functions.backward(List.of(output.pooledND()), List.of(weights(output.pooledND())));
      output.rest().ifPresent(Runnable::run);
      return taken(model);
    }
  }

  private static Tensor weights(Tensor outputND) {
    Random random = new Random(11);
    float[] weights = new float[Math.toIntExact(outputND.elements())];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return Tensors.of(weights, outputND.shape()).to(outputND.dtype());
  }

  /// The gradients that were gathered, which are forgotten.
  private static Map<String, float[]> taken(CausalLanguageModel model) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    model
        .parameters()
        .byName()
        .forEach((name, parameter) -> {
          if (parameter.hasGrad()) {
            gradients.put(name, dense(parameter));
          }
        });
    Gradients.drop(model.parameters().byName().values());
    return gradients;
  }

  /// The gradient of a table has the rows that were looked up only.
  private static float[] dense(Tensor parameter) {
    return Tensors.zerosLike(parameter.detach()).plus(parameter.grad()).toFloats();
  }

  /// Sixteen layers of 4,096 tokens keep about 0.6 GB, one of them 16 times less.
  @Test
  void lessMemoryIsTaken() throws IOException {
    DecoderConfig shape =
        new Llama()
            .read(
                JsonMapper.shared()
                    .readTree(
                        """
                        {"hidden_size": 128, "num_hidden_layers": 16, "num_attention_heads": 4,
                         "intermediate_size": 384, "vocab_size": 64, "rms_norm_eps": 1e-5,
                         "max_position_embeddings": 80, "tie_word_embeddings": true}
                        """));
    SequenceBatch batch = texts(64, 64).batch(IntStream.range(0, 64).toArray());
    try (CausalLanguageModel model =
        new CausalLanguageModel(shape, DecoderWeights.random(shape, 0.02, 1))) {
      step(model, batch, true);

      long again = peak(model, batch, true);
      long kept = peak(model, batch, false);

      assertThat(kept).isGreaterThan(300_000_000);
      assertThat(again).isLessThan(kept / 4);
    }
  }

  private static long peak(CausalLanguageModel model, SequenceBatch batch, boolean again)
      throws IOException {
    PeakMemory memory = PeakMemory.start();
    step(model, batch, again);
    return memory.grown();
  }

  private static void step(CausalLanguageModel model, SequenceBatch batch, boolean again) {
    try (Scope _ = Scope.open()) {
      NetworkOutput output =
          model.forward(batch, ForwardMode.train(Precision.FP32, 1).checkpointing(again));
      Functions.backward(List.of(output.pooledND()), List.of(weights(output.pooledND())));
      output.rest().ifPresent(Runnable::run);
    }
    Gradients.drop(model.parameters().byName().values());
  }
}
