package dev.retort.teacher;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.Sweep;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.TokenAnswer;
import dev.retort.signal.TokenStore;
import dev.retort.signal.codec.EncodedRow;
import dev.retort.signal.codec.TokenCodec;
import dev.retort.tensor.Chunks;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/// Asks a teacher about the tokens of sequences once, and keeps what it says.
///
/// @param teacher who is asked
/// @param codec what its answers are written in
/// @param store where they are kept, opened for this teacher and this codec
public record TokenCapture(Teacher<SequenceBatch> teacher, TokenCodec codec, TokenStore store) {

  /// Logits of a chunk: 16 MiB, of which a codec makes some copies on every core.
  private static final long CHUNK = 1L << 22;

  private static final SequencedMap<String, TokenAnswer> NOTHING =
      Collections.unmodifiableSequencedMap(new LinkedHashMap<>());

  /// Between two shards at most, where a full one takes longer.
  private static final long NANOSECONDS = 30_000_000_000L;

  /// What of `data` the teacher has not been asked about in this store, each content once.
  public static SequenceDataset unanswered(SequenceDataset data, TokenStore store) {
    return distinct(data, key -> !store.has(key));
  }

  private static SequenceDataset distinct(SequenceDataset data, Predicate<String> wanted) {
    Map<String, TokenSequence> distinct = new LinkedHashMap<>();
    for (int row = 0; row < data.size(); row++) {
      String key = data.contentKeys(row).getFirst();
      if (wanted.test(key)) {
        distinct.putIfAbsent(key, data.sequences().get(row));
      }
    }
    return new SequenceDataset(List.copyOf(distinct.values()));
  }

  /// Asks on all cores about whatever of `data` has not been answered, until all is or `stop` says
  /// so, and writes it down. It is asked in the batches that all of the data make, each of which is
  /// kept as a whole: after an interruption the rest is computed as it would have been.
  ///
  /// @param done hears how many tokens have been answered so far
  /// @return whether all is answered
  public boolean answer(SequenceDataset data, BooleanSupplier stop, LongConsumer done) {
    SequenceDataset all = distinct(data, _ -> true);
    Taken taken = new Taken();
    Sweep.over(
        all,
        batch -> stop.getAsBoolean() ? NOTHING : answers(all, batch),
        (_, answers) -> taken.add(answers),
        _ -> {
          done.accept(taken.tokens);
          taken.flushWhenDue();
        });
    store.flush();
    return unanswered(all, store).size() == 0;
  }

  /// What has been put into the store.
  private final class Taken {

    private long tokens;
    private long flushed = System.nanoTime();

    void add(SequencedMap<String, TokenAnswer> answers) {
      store.put(answers);
      tokens += answers.values().stream().mapToLong(TokenAnswer::tokens).sum();
    }

    void flushWhenDue() {
      if (System.nanoTime() - flushed > NANOSECONDS) {
        store.flush();
        flushed = System.nanoTime();
      }
    }
  }

  /// What the teacher says of those of `batch` that it has not been asked about.
  private SequencedMap<String, TokenAnswer> answers(SequenceDataset data, SequenceBatch batch) {
    int[] left =
        Arrays.stream(batch.rows())
            .filter(row -> !store.has(data.contentKeys(row).getFirst()))
            .toArray();
    return left.length == 0 ? NOTHING : answers(new Question<>(data, data.batch(left)));
  }

  private SequencedMap<String, TokenAnswer> answers(Question<SequenceBatch> question) {
    List<String> keys = question.contentKeys();
    int[] counts = counts(question);
    List<EncodedRow> rows = encoded(question, seeds(keys, counts));
    SequencedMap<String, TokenAnswer> answers = new LinkedHashMap<>();
    int first = 0;
    for (int i = 0; i < counts.length; i++) {
      answers.put(keys.get(i), answer(rows.subList(first, first + counts[i])));
      first += counts[i];
    }
    return answers;
  }

  /// How many rows each sequence has.
  private static int[] counts(Question<SequenceBatch> question) {
    int[] counts = new int[question.batch().size()];
    for (long owner : question.batch().owners()) {
      counts[Math.toIntExact(owner)]++;
    }
    return counts;
  }

  /// The chance of each row: by the content of its sequence and its place there.
  private static long[] seeds(List<String> keys, int[] counts) {
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      long ofSequence = Hashing.komihash5_0().hashCharsToLong(keys.get(i));
      for (int row = 0; row < counts[i]; row++) {
        seeds.add(Seed.derive(ofSequence, row));
      }
    }
    return seeds.stream().mapToLong(Long::longValue).toArray();
  }

  /// Some rows at a time, so that the logits of all never exist at once.
  private List<EncodedRow> encoded(Question<SequenceBatch> question, long[] seeds) {
    List<EncodedRow> encoded = new ArrayList<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Distribution answer =
          teacher.ask(question, Set.of(Need.DISTRIBUTION)).distribution().orElseThrow();
      Chunks.visit(
          answer.rows(),
          Math.max(1, CHUNK / codec.vocabulary()),
          (first, count) -> {
            long[] own = Arrays.copyOfRange(seeds, (int) first, (int) (first + count));
            encoded.addAll(codec.encode(logitsNV(answer.slice(first, count)), own));
          });
    }
    return encoded;
  }

  /// Logits whose softmax at the codec's temperature is what is kept.
  private Tensor logitsNV(Distribution some) {
    return switch (some) {
      case Distribution.Dense(Tensor logitsNV) -> logitsNV;
      case Distribution.Mixture mixture ->
          mixture.logProbabilitiesNV(codec.temperature()).times(codec.temperature());
      default ->
          throw new IllegalStateException(
              "teacher '%s' gave no logits of which to keep some".formatted(teacher.name()));
    };
  }

  private static TokenAnswer answer(List<EncodedRow> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    rows.forEach(row -> bytes.writeBytes(row.bytes()));
    return new TokenAnswer(
        bytes.toByteArray(), rows.size(), rows.stream().mapToDouble(EncodedRow::error).sum());
  }
}
