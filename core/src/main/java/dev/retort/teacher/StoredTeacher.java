package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.model.Sweep;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.signal.Signals;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/// A teacher that is asked about a text once: its distributions are kept under the text's content,
/// so that later epochs and later runs cost no teacher pass.
///
/// Questions that need more than a distribution go to the teacher itself each time.
///
/// @param <B> what it is asked about
/// @param teacher who knows
/// @param store what it has said, opened for its fingerprint
public record StoredTeacher<B extends Batch>(Teacher<B> teacher, SignalStore store)
    implements Teacher<B> {

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
  public Signals ask(Question<B> question, Set<Need> needs) {
    if (!Set.of(Need.DISTRIBUTION).containsAll(needs)) {
      return teacher.ask(question, needs);
    }
    List<String> keys = question.contentKeys();
    if (!answered(keys)) {
      store.put(keys, distribution(question));
    }
    float[][] rows = keys.stream().map(key -> store.get(key).orElseThrow()).toArray(float[][]::new);
    return Signals.of(new Distribution.Dense(Tensors.of(rows)));
  }

  /// Asks ahead of training, on all cores, whatever of `data` has not been answered; `done` hears
  /// how many rows have been so far.
  public void answer(BatchSource<B> data, LongConsumer done) {
    // Results are stored in order, so that a text that occurs twice has the same answer in every
    // run.
    Sweep.over(
        data,
        batch -> unanswered(new Question<>(data, batch)),
        (_, answer) -> answer.ifPresent(rows -> store.put(rows.keys(), rows.logits())),
        done);
  }

  /// What is to be stored.
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Answer(List<String> keys, float[][] logits) {}

  private Optional<Answer> unanswered(Question<B> question) {
    List<String> keys = question.contentKeys();
    return answered(keys)
        ? Optional.empty()
        : Optional.of(new Answer(keys, distribution(question)));
  }

  private boolean answered(List<String> keys) {
    return keys.stream().allMatch(key -> store.get(key).isPresent());
  }

  private float[][] distribution(Question<B> question) {
    try (Scope _ = Scope.open()) {
      Signals signals = teacher.ask(question, Set.of(Need.DISTRIBUTION));
      if (!(signals.distribution().orElse(null) instanceof Distribution.Dense dense)) {
        throw new IllegalStateException(
            "teacher '%s' gave no dense distribution to store".formatted(name()));
      }
      return dense.logitsNV().toFloatRows();
    }
  }

  /// Writes what is still in memory and closes the teacher.
  @Override
  public void close() {
    store.close();
    teacher.close();
  }
}
