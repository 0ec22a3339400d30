package dev.retort.train;

import static dev.retort.train.LanguageModelTrainingTest.DATA;
import static dev.retort.train.LanguageModelTrainingTest.TERMS;
import static dev.retort.train.LanguageModelTrainingTest.heard;
import static dev.retort.train.LanguageModelTrainingTest.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Parameters;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderNames;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.recipe.Source;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.teacher.Question;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Language models whose embeddings have more rows than there are tokens.
class PaddedVocabularyTest {

  /// Two models of the same 93 tokens, one padded to 96 rows and one to 101.
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void vocabulariesMayBePaddedToDifferentSizes(String family) throws IOException {
    Losses losses = new Losses(TERMS);
    SequenceBatch batch = DATA.batch(0, 1, 2, 3);
    long[] counts = losses.counts(List.of(batch));
    try (CausalLanguageModel whole = GoldenDecoders.model(family);
        CausalLanguageModel teacher =
            new CausalLanguageModel(whole.config().withTokens(93), whole.parameters().copy());
        CausalLanguageModel student = padded(whole, 101, 93)) {
      Question<SequenceBatch> question = new Question<>(DATA, batch);
      SequencedMap<String, Double> means;
      try (Scope _ = Scope.open()) {
        Map<Source, Signals> heard =
            heard(
                LanguageModelTrainingTest.teacher(teacher)
                    .ask(question, Set.of(Need.DISTRIBUTION)));
        NetworkOutput output = student.forward(batch, ForwardMode.EVALUATE);
        means = losses.backward(output, heard, question, counts, 1);
        assertThat(output.head().orElseThrow().logits(output.pooledND()).size(1)).isEqualTo(93);
      }
      // Student and teacher are equal but for their padding.
      assertThat(means.get("forward-kl")).isCloseTo(0, within(1e-5));
      assertThat(means.get("reverse-kl")).isCloseTo(0, within(1e-5));
      assertThat(means.get("cross-entropy")).isGreaterThan(1);
      String head = student.config().tied() ? DecoderNames.WORD : DecoderNames.HEAD;
      float[] gradient = Objects.requireNonNull(taken(student).get(head));
      assertThat(Arrays.copyOfRange(gradient, 93 * 32, 101 * 32)).containsOnly(0);
      assertThat(Arrays.copyOf(gradient, 93 * 32)).isNotEqualTo(new float[93 * 32]);
    }
  }

  private static CausalLanguageModel padded(CausalLanguageModel model, int rows, int tokens) {
    DecoderConfig config = model.config();
    DecoderConfig wide =
        new DecoderConfig(
            config.family(),
            config.hiddenSize(),
            config.attention(),
            config.intermediateSize(),
            rows,
            tokens,
            config.positions(),
            config.normEpsilon(),
            config.activation(),
            config.tied(),
            config.biases(),
            config.spans());
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      model
          .parameters()
          .byName()
          .forEach((name, tensor) -> {
            boolean pad = name.equals(DecoderNames.WORD) || name.equals(DecoderNames.HEAD);
            Tensor more = Tensors.normal(5, 1, rows - config.vocabularySize(), config.hiddenSize());
            Tensor value =
                pad
                    ? Tensors.concatenate(List.of(tensor.detach(), more), 0)
                    : tensor.detach().copy();
            weights.put(name, value.keep().requiresGrad());
          });
    }
    return new CausalLanguageModel(wide, new Parameters(weights));
  }
}
