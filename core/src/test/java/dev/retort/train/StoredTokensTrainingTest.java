package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.ForwardMode;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.model.decoder.Llama;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.objective.PeakMemory;
import dev.retort.objective.ReverseKl;
import dev.retort.recipe.Source;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.signal.TokenStore;
import dev.retort.signal.codec.SampledCodec;
import dev.retort.signal.codec.TokenCodec;
import dev.retort.signal.codec.TopKCodec;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Question;
import dev.retort.teacher.StoredTokens;
import dev.retort.teacher.Teacher;
import dev.retort.teacher.TokenCapture;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Language models that learn from what their teacher has said before.
class StoredTokensTrainingTest {

  private static final int TEXTS = 8;

  @TempDir Path folder;

  /// What a batch costs, and the gradient of every parameter.
  private record Outcome(SequencedMap<String, Double> means, Map<String, float[]> gradients) {}

  /// All tokens named is all that there is to say, but for what rounding costs.
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void theTopOfEverythingTeachesWhatTheTeacherDoes(String family) throws IOException {
    Losses losses =
        new Losses(
            List.of(
                new BoundTerm("forward-kl", new ForwardKl(2), 0.6),
                new BoundTerm("cross-entropy", new CrossEntropy(0.1), 0.4),
                new BoundTerm("reverse-kl", new ReverseKl(2), 0.5)));
    try (CausalLanguageModel model = GoldenDecoders.model(family);
        CausalLanguageModel student = model.withLayers(List.of(0, 2))) {
      int vocabulary = model.config().vocabularySize();
      SequenceDataset data = data(TEXTS, 12, vocabulary);
      Outcome online = outcome(losses, student, teacher(model), data);

      Outcome all = stored(losses, student, model, data, new TopKCodec(vocabulary, 2, vocabulary));
      Outcome few = stored(losses, student, model, data, new TopKCodec(4, 2, vocabulary));

      online
          .means()
          .forEach((name, mean) ->
              assertThat(all.means().get(name))
                  .as(name)
                  .isCloseTo(mean, within(2e-4 * (1 + mean))));
      assertThat(distance(all, online)).isLessThan(2e-3);
      assertThat(distance(few, online)).isGreaterThan(0.02);
    }
  }

  /// Draws so many that chance has nearly nothing left to say.
  @Test
  void manyDrawsTeachNearlyWhatTheTeacherDoes() throws IOException {
    Losses losses = new Losses(List.of(new BoundTerm("forward-kl", new ForwardKl(1), 1)));
    try (CausalLanguageModel model = GoldenDecoders.model("llama");
        CausalLanguageModel student = model.withLayers(List.of(1))) {
      int vocabulary = model.config().vocabularySize();
      SequenceDataset data = data(TEXTS, 12, vocabulary);
      Outcome online = outcome(losses, student, teacher(model), data);

      Outcome many =
          stored(losses, student, model, data, new SampledCodec(60_000, 1, vocabulary, 1));
      Outcome few = stored(losses, student, model, data, new SampledCodec(60, 1, vocabulary, 1));

      assertThat(distance(many, online)).isLessThan(0.05);
      assertThat(distance(few, online)).isBetween(5 * distance(many, online), 2.0);
    }
  }

  /// What is asked after an interruption is computed in the batches that it would have been in.
  @Test
  void anInterruptedCaptureEndsWithTheSameBits() throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("llama")) {
      int vocabulary = model.config().vocabularySize();
      SequenceDataset data = data(40, 160, vocabulary);
      TokenCodec codec = new TopKCodec(8, 1, vocabulary);
      AtomicInteger batches = new AtomicInteger();
      try (TokenStore whole = TokenStore.open(folder.resolve("whole"), "f")) {
        new TokenCapture(teacher(model), codec, whole).answer(data, () -> false, _ -> {});
        try (TokenStore parts = TokenStore.open(folder.resolve("parts"), "f")) {
          assertThat(
                  new TokenCapture(teacher(model), codec, parts)
                      .answer(data, () -> batches.incrementAndGet() > 2, _ -> {}))
              .isFalse();
        }
        try (TokenStore parts = TokenStore.open(folder.resolve("parts"), "f")) {
          assertThat(parts.size()).isBetween(1, 39);
          new TokenCapture(teacher(model), codec, parts).answer(data, () -> false, _ -> {});
          for (String key : data.contentKeys(IntStream.range(0, 40).toArray())) {
            assertThat(parts.get(key).orElseThrow().rows())
                .isEqualTo(whole.get(key).orElseThrow().rows());
          }
        }
      }
    }
  }

  /// 1,600 rows of 152,064 logits are 928 MiB.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCaptureNeverHoldsTheLogitsOfAllTokens(boolean sampled) throws IOException {
    int vocabulary = 152_064;
    DecoderConfig config = wide(vocabulary);
    SequenceDataset data = data(1, 1601, vocabulary);
    TokenCodec codec =
        sampled ? new SampledCodec(50, 1, vocabulary, 1) : new TopKCodec(15, 1, vocabulary);
    try (CausalLanguageModel model =
            new CausalLanguageModel(config, DecoderWeights.random(config, 0.1, 1));
        TokenStore store = TokenStore.open(folder, "f")) {
      PeakMemory peak = PeakMemory.start();

      new TokenCapture(teacher(model), codec, store).answer(data, () -> false, _ -> {});

      assertThat(store.get(data.contentKeys(0).getFirst()).orElseThrow().tokens()).isEqualTo(1600);
      assertThat(peak.grown()).isLessThan(500L << 20);
    }
  }

  private Outcome stored(
      Losses losses,
      CausalLanguageModel student,
      CausalLanguageModel teacher,
      SequenceDataset data,
      TokenCodec codec)
      throws IOException {
    TokenStore store = TokenStore.open(folder.resolve(codec.toString()), "f");
    try (StoredTokens stored = new StoredTokens("stored", "f", codec, store)) {
      new TokenCapture(teacher(teacher), codec, store).answer(data, () -> false, _ -> {});
      return outcome(losses, student, stored, data);
    }
  }

  /// Of a batch in an order of its own.
  private static Outcome outcome(
      Losses losses,
      CausalLanguageModel student,
      Teacher<SequenceBatch> teacher,
      SequenceDataset data) {
    SequenceBatch batch = data.batch(5, 1, 0, 7, 3);
    Question<SequenceBatch> question = new Question<>(data, batch);
    try (Scope _ = Scope.open()) {
      Map<Source, Signals> heard = new HashMap<>();
      heard.put(new Source.Teacher(), teacher.ask(question, Set.of(Need.DISTRIBUTION)));
      SequencedMap<String, Double> means =
          losses.backward(
              student.forward(batch, ForwardMode.EVALUATE),
              heard,
              question,
              losses.counts(List.of(batch)),
              1);
      Map<String, float[]> gradients = new LinkedHashMap<>();
      student
          .parameters()
          .byName()
          .forEach((name, tensor) -> gradients.put(name, tensor.grad().toFloats()));
      return new Outcome(means, gradients);
    } finally {
      Gradients.drop(student.parameters().all());
    }
  }

  /// `‖a − b‖ / ‖b‖` over all gradients.
  private static double distance(Outcome a, Outcome b) {
    double difference = 0;
    double whole = 0;
    for (Map.Entry<String, float[]> entry : b.gradients().entrySet()) {
      float[] other = Objects.requireNonNull(a.gradients().get(entry.getKey()));
      for (int i = 0; i < other.length; i++) {
        difference += Math.pow(other[i] - entry.getValue()[i], 2);
        whole += Math.pow(entry.getValue()[i], 2);
      }
    }
    return Math.sqrt(difference / whole);
  }

  private static LocalTeacher<SequenceBatch> teacher(CausalLanguageModel model) {
    return new LocalTeacher<>("teacher", "f", model, Precision.FP32);
  }

  private static SequenceDataset data(int count, int length, int vocabulary) {
    Random random = new Random(1);
    return new SequenceDataset(
        IntStream.range(0, count)
            .mapToObj(row ->
                TokenSequence.completion(
                    random.ints(length - row, 0, vocabulary).toArray(), row % 3))
            .toList());
  }

  private static DecoderConfig wide(int vocabulary) {
    return new Llama()
        .read(
            JsonMapper.shared()
                .readTree(
                    """
                    {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1,
                     "intermediate_size": 8, "vocab_size": %d, "tie_word_embeddings": true}
                    """
                        .formatted(vocabulary)));
  }
}
