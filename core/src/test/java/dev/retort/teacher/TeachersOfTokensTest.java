package dev.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Llama;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Several language models as one teacher: what is computed for some rows at a time is what all
/// logits at once would give.
class TeachersOfTokensTest {

  private static final SequenceDataset TEXTS =
      new SequenceDataset(
          IntStream.range(0, 6)
              .mapToObj(row -> {
                int[] ids =
                    IntStream.range(0, 5 + row).map(i -> 1 + (7 * row + 3 * i) % 60).toArray();
                return new TokenSequence(
                    ids,
                    TokenSequence.completion(ids, 2).learnt(),
                    Optional.of(row % 3 == 0 ? "de" : "en"));
              })
              .toList());

  private final CausalLanguageModel first = model(1);
  private final CausalLanguageModel second = model(2);

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private static CausalLanguageModel model(long seed) {
    DecoderConfig shape =
        new Llama()
            .read(
                JsonMapper.shared()
                    .readTree(
                        """
                        {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
                         "intermediate_size": 24, "vocab_size": 64, "rms_norm_eps": 1e-5,
                         "max_position_embeddings": 32, "tie_word_embeddings": true}
                        """));
    return new CausalLanguageModel(shape, DecoderWeights.random(shape, 0.3, seed));
  }

  private static LocalTeacher<SequenceBatch> local(String name, CausalLanguageModel model) {
    return new LocalTeacher<>(name, name, model, Precision.FP32);
  }

  /// The same teacher with all its logits computed at once.
  private record Eager(Teacher<SequenceBatch> teacher) implements Teacher<SequenceBatch> {
    @Override
    public String name() {
      return teacher.name();
    }

    @Override
    public String fingerprint() {
      return teacher.fingerprint();
    }

    @Override
    public Set<Need> offers() {
      return teacher.offers();
    }

    @Override
    public Signals ask(Question<SequenceBatch> question, Set<Need> needs) {
      return Signals.of(teacher.ask(question, needs).distribution().orElseThrow().computed());
    }

    @Override
    public void close() {
      teacher.close();
    }
  }

  static List<Combination> combinations() {
    return List.of(
        new Combination.Mixture(new Weighting.Fixed()),
        new Combination.Mixture(new Weighting.Quality(2)),
        new Combination.Mixture(new Weighting.Confidence(Weighting.Confidence.Sign.LABEL)),
        new Combination.LogitAverage(new Weighting.Confidence(Weighting.Confidence.Sign.ENTROPY)),
        new Combination.Routing("language", new LinkedHashMap<>(Map.of("de", "a", "en", "b"))));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void someRowsAtATimeAreAllOfThem(Combination combination) {
    Teacher<SequenceBatch> deferred = combination.of(members(false));
    Teacher<SequenceBatch> eager = combination.of(members(true));
    Question<SequenceBatch> question = new Question<>(TEXTS, TEXTS.batch(4, 0, 2, 3, 5));
    try (Scope _ = Scope.open()) {
      Distribution answer = ask(deferred, question);
      float[] whole = probabilities(ask(eager, question));

      assertThat(answer).isInstanceOf(Distribution.Deferred.class);
      assertThat(answer.rows()).isEqualTo(question.batch().labels().length);
      assertThat(probabilities(answer.computed())).containsExactly(whole, within(1e-6f));
      for (long from = 0; from < answer.rows(); from += 3) {
        long count = Math.min(3, answer.rows() - from);
        assertThat(probabilities(answer.slice(from, count)))
            .containsExactly(
                Arrays.copyOfRange(whole, (int) from * 64, (int) (from + count) * 64),
                within(1e-6f));
      }
    }
  }

  private List<Member<SequenceBatch>> members(boolean eager) {
    Teacher<SequenceBatch> a = local("a", first);
    Teacher<SequenceBatch> b = local("b", second);
    return List.of(
        new Member<>(eager ? new Eager(a) : a, 1, 0.5),
        new Member<>(eager ? new Eager(b) : b, 2, 0.25));
  }

  /// Texts are answered by the teacher that they name, all their tokens in their place.
  @Test
  void everyTextIsAnsweredByItsOwnTeacher() {
    SequencedMap<String, Teacher<SequenceBatch>> routes = new LinkedHashMap<>();
    routes.put("de", local("a", first));
    routes.put("en", local("b", second));
    SequenceBatch batch = TEXTS.batch(1, 0, 2);
    try (Scope _ = Scope.open()) {
      float[] routed =
          probabilities(ask(new RoutedTeacher<>(routes), new Question<>(TEXTS, batch)));
      float[] german = probabilities(ask(local("a", first), new Question<>(TEXTS, TEXTS.batch(0))));
      float[] english =
          probabilities(ask(local("b", second), new Question<>(TEXTS, TEXTS.batch(1, 2))));

      int begin = TEXTS.batch(1).labels().length * 64;
      assertThat(Arrays.copyOfRange(routed, 0, begin))
          .containsExactly(Arrays.copyOfRange(english, 0, begin), within(1e-6f));
      assertThat(Arrays.copyOfRange(routed, begin, begin + german.length))
          .containsExactly(german, within(1e-6f));
      assertThat(Arrays.copyOfRange(routed, begin + german.length, routed.length))
          .containsExactly(Arrays.copyOfRange(english, begin, english.length), within(1e-6f));
    }
  }

  @Test
  void twiceTheSameTeacherIsThatTeacher() {
    Question<SequenceBatch> question = new Question<>(TEXTS, TEXTS.batch(0, 1, 2));
    Combination mixture = new Combination.Mixture(new Weighting.Fixed());
    List<Member<SequenceBatch>> twins =
        List.of(new Member<>(local("a", first), 1, 1), new Member<>(local("b", first), 3, 1));
    try (Scope _ = Scope.open()) {
      assertThat(probabilities(ask(mixture.of(twins), question)))
          .containsExactly(probabilities(ask(local("a", first), question)), within(1e-6f));
    }
  }

  /// A text of another route may have another answer, though it is the same text.
  @Test
  void theRouteIsPartOfTheContent() {
    TokenSequence plain = TokenSequence.whole(new int[] {1, 2, 3});
    TokenSequence routed = new TokenSequence(plain.ids(), plain.learnt(), Optional.of("de"));

    assertThat(routed.contentKey()).isNotEqualTo(plain.contentKey());
    assertThat(routed).isNotEqualTo(plain);
    assertThat(TEXTS.route(3)).contains("de");
  }

  private static Distribution ask(
      Teacher<SequenceBatch> teacher, Question<SequenceBatch> question) {
    return teacher.ask(question, Set.of(Need.DISTRIBUTION)).distribution().orElseThrow();
  }

  private static float[] probabilities(Distribution answer) {
    return switch (answer.computed()) {
      case Distribution.Dense(Tensor logitsNV) -> Functions.softmax(logitsNV, -1).toFloats();
      case Distribution.Mixture mixture -> mixture.logProbabilitiesNV(1).exp().toFloats();
      default -> throw new IllegalStateException(answer.toString());
    };
  }
}
