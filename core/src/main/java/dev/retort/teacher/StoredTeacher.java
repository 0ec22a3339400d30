package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.Batches;
import dev.retort.data.TokenizedDataset;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.signal.Signals;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import dev.retort.tensor.Workers;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/// A teacher that is asked about a text once: its distributions are kept under the text's content,
/// so that later epochs and later runs cost no teacher pass.
///
/// Questions that need more than a distribution go to the teacher itself each time.
///
/// @param teacher who knows
/// @param store what it has said, opened for its fingerprint
public record StoredTeacher(Teacher teacher, SignalStore store) implements Teacher {

  private static final int BATCH_TOKENS = 1024;

  /// Batches between two reports of progress.
  private static final int WINDOW = 32;

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
  public Signals ask(Question question, Set<Need> needs) {
    if (!Set.of(Need.DISTRIBUTION).containsAll(needs)) {
      return teacher.ask(question, needs);
    }
    if (!answered(question)) {
      store.put(question.contentKeys(), distribution(question));
    }
    float[][] rows =
        question.contentKeys().stream()
            .map(key -> store.get(key).orElseThrow())
            .toArray(float[][]::new);
    return Signals.of(new Distribution.Dense(Tensors.of(rows)));
  }

  /// Asks ahead of training, on all cores, whatever of `data` has not been answered; `done` hears
  /// how many rows have been so far.
  public void answer(TokenizedDataset data, LongConsumer done) {
    long answered = 0;
    try (Workers workers = Workers.oneForEachCore()) {
      for (List<Batch> window : Batches.inOrder(data, BATCH_TOKENS).windows(WINDOW)) {
        List<Question> open =
            window.stream()
                .map(batch -> new Question(data, batch))
                .filter(question -> !answered(question))
                .toList();
        List<float[][]> answers = workers.map(open, this::distribution);
        // In order, so that texts that occur twice get the same answer in every run.
        for (int i = 0; i < open.size(); i++) {
          store.put(open.get(i).contentKeys(), answers.get(i));
        }
        answered += window.stream().mapToLong(Batch::size).sum();
        done.accept(answered);
      }
    }
  }

  private boolean answered(Question question) {
    return question.contentKeys().stream().allMatch(key -> store.get(key).isPresent());
  }

  private float[][] distribution(Question question) {
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
