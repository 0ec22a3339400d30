package dev.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.signal.TokenStore;
import dev.retort.signal.codec.SampledCodec;
import dev.retort.signal.codec.TokenCodec;
import dev.retort.signal.codec.TopKCodec;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenCaptureTest {

  private static final int V = 20;
  private static final TokenCodec TOP = new TopKCodec(V, 1, V);

  @TempDir Path folder;

  /// Knows what follows a token by the token alone, and remembers which texts it was asked about.
  private record Knowing(List<String> asked) implements Teacher<SequenceBatch> {

    Knowing() {
      this(Collections.synchronizedList(new ArrayList<>()));
    }

    @Override
    public String name() {
      return "knowing";
    }

    @Override
    public String fingerprint() {
      return "f".repeat(64);
    }

    @Override
    public Set<Need> offers() {
      return Set.of(Need.DISTRIBUTION);
    }

    @Override
    public Signals ask(Question<SequenceBatch> question, Set<Need> needs) {
      asked.addAll(question.contentKeys());
      SequenceBatch batch = question.batch();
      float[][] logits = new float[batch.labels().length][];
      for (int row = 0; row < logits.length; row++) {
        logits[row] = logits((int) batch.ids()[(int) batch.positions()[row]]);
      }
      return Signals.of(new Distribution.Dense(Tensors.of(logits)));
    }

    static float[] logits(int token) {
      Random random = new Random(token);
      float[] logits = new float[V];
      for (int i = 0; i < V; i++) {
        logits[i] = (float) (2 * random.nextGaussian());
      }
      return logits;
    }

    @Override
    public void close() {}
  }

  static Stream<TokenCodec> codecs() {
    return Stream.of(TOP, new TopKCodec(3, 2, V), new SampledCodec(30, 2, V, 1));
  }

  /// In a batch of another order than that of the capture, and of tokens of which some are prompts.
  @Test
  void eachRowIsWhatTheTeacherSaidOfItsToken() throws IOException {
    SequenceDataset data = data(12, 1);
    Knowing teacher = new Knowing();
    TokenStore store = TokenStore.open(folder, "f");
    try (StoredTokens stored = new StoredTokens("stored", "f", TOP, store)) {
      capture(teacher, TOP, store).answer(data, () -> false, _ -> {});
      SequenceBatch batch = data.batch(7, 2, 11, 0);
      try (Scope _ = Scope.open()) {
        Distribution.TopK answer =
            (Distribution.TopK)
                stored
                    .ask(new Question<>(data, batch), Set.of(Need.DISTRIBUTION))
                    .distribution()
                    .orElseThrow();
        double[] ids = answer.idsNK().toDoubles();
        double[] p = answer.logProbsNK().exp().toDoubles();
        for (int row = 0; row < batch.labels().length; row++) {
          int token = (int) batch.ids()[(int) batch.positions()[row]];
          Tensor expected =
              Functions.softmax(Tensors.of(Knowing.logits(token), V).to(DType.FLOAT64), -1);
          for (int i = 0; i < V; i++) {
            assertThat(p[row * V + i])
                .isCloseTo(expected.toDoubles()[(int) ids[row * V + i]], within(1e-3));
          }
        }
      }
    }
  }

  /// The same bytes whatever is asked together, and the same in another run.
  @ParameterizedTest
  @MethodSource("codecs")
  void answersFollowFromTheContentAlone(TokenCodec codec) throws IOException {
    SequenceDataset data = data(12, 1);
    SequenceDataset few =
        new SequenceDataset(List.of(data.sequences().get(5), data.sequences().get(3)));
    try (TokenStore all = TokenStore.open(folder.resolve("all"), "f");
        TokenStore some = TokenStore.open(folder.resolve("some"), "f")) {
      capture(new Knowing(), codec, all).answer(data, () -> false, _ -> {});
      capture(new Knowing(), codec, some).answer(few, () -> false, _ -> {});
      for (String key : few.contentKeys(0, 1)) {
        assertThat(some.get(key).orElseThrow().rows()).isEqualTo(all.get(key).orElseThrow().rows());
      }
    }
  }

  @Test
  void aHalfDoneCaptureAsksOnlyForTheRest() throws IOException {
    SequenceDataset data = data(400, 1);
    Knowing first = new Knowing();
    try (TokenStore store = TokenStore.open(folder, "f")) {
      boolean all =
          capture(first, TOP, store).answer(data, () -> first.asked().size() > 100, _ -> {});
      assertThat(all).isFalse();
    }
    assertThat(first.asked()).hasSizeBetween(101, data.size() - 1).doesNotHaveDuplicates();

    Knowing second = new Knowing();
    AtomicLong tokens = new AtomicLong();
    try (TokenStore store = TokenStore.open(folder, "f")) {
      assertThat(store.size()).isEqualTo(first.asked().size());
      assertThat(capture(second, TOP, store).answer(data, () -> false, tokens::set)).isTrue();
    }
    Set<String> both = new HashSet<>(first.asked());
    both.addAll(second.asked());
    assertThat(both).hasSize(data.size());
    assertThat(first.asked().size() + second.asked().size()).isEqualTo(data.size());
    assertThat(tokens.get()).isPositive().isLessThan(data.predicted());

    Knowing third = new Knowing();
    try (TokenStore store = TokenStore.open(folder, "f")) {
      assertThat(capture(third, TOP, store).answer(data, () -> false, _ -> {})).isTrue();
      assertThat(store.shards().stream().mapToLong(TokenStore.Shard::tokens).sum())
          .isEqualTo(data.predicted());
    }
    assertThat(third.asked()).isEmpty();
  }

  @Test
  void textsThatRepeatAreAskedOnce() throws IOException {
    SequenceDataset once = data(5, 1);
    List<TokenSequence> twice = new ArrayList<>(once.sequences());
    twice.addAll(once.sequences());
    Knowing teacher = new Knowing();
    try (TokenStore store = TokenStore.open(folder, "f")) {
      capture(teacher, TOP, store).answer(new SequenceDataset(twice), () -> false, _ -> {});
    }
    assertThat(teacher.asked()).hasSize(5);
  }

  @Test
  void aTextThatWasNotAskedAboutIsNamed() throws IOException {
    SequenceDataset data = data(2, 1);
    try (StoredTokens stored = new StoredTokens("stored", "f", TOP, TokenStore.open(folder, "f"))) {
      Question<SequenceBatch> question = new Question<>(data, data.batch(1));
      assertThatThrownBy(() -> stored.ask(question, Set.of(Need.DISTRIBUTION)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "'stored' was not asked about the text " + data.contentKeys(1).get(0));
    }
  }

  private static TokenCapture capture(Knowing teacher, TokenCodec codec, TokenStore store) {
    return new TokenCapture(teacher, codec, store);
  }

  private static SequenceDataset data(int count, long seed) {
    Random random = new Random(seed);
    return new SequenceDataset(
        IntStream.range(0, count)
            .mapToObj(_ ->
                TokenSequence.completion(
                    random.ints(8 + random.nextInt(40), 0, V).toArray(), 1 + random.nextInt(6)))
            .toList());
  }
}
