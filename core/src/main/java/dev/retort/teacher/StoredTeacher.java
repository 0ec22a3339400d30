package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.model.Sweep;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.signal.Signals;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/// A teacher that is asked about a text once: its distributions, or its embeddings, are kept under
/// the text's content, so that later epochs and later runs cost no teacher pass.
///
/// What else a question needs, such as features, comes from the teacher itself each time; so does
/// everything about mixtures of texts.
///
/// @param <B> what it is asked about
/// @param teacher who knows
/// @param store what it has said, opened for its fingerprint
/// @param stored the kind of answer that is kept: a distribution or an embedding
public record StoredTeacher<B extends Batch>(Teacher<B> teacher, SignalStore store, Need stored)
    implements Teacher<B> {

  public StoredTeacher {
    if (stored != Need.DISTRIBUTION && stored != Need.EMBEDDING) {
      throw new IllegalArgumentException(
          "%s is not stored; allowed are DISTRIBUTION and EMBEDDING".formatted(stored));
    }
  }

  /// A teacher whose distributions are kept in `store`.
  public StoredTeacher(Teacher<B> teacher, SignalStore store) {
    this(teacher, store, Need.DISTRIBUTION);
  }

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
    Set<Need> others = EnumSet.noneOf(Need.class);
    others.addAll(needs);
    others.removeAll(kept());
    if (others.size() == needs.size() || question.mix().isPresent()) {
      return teacher.ask(question, needs);
    }
    Signals known = recalled(question);
    if (others.isEmpty()) {
      return known;
    }
    Signals seen = teacher.ask(question, others);
    return stored == Need.EMBEDDING
        ? new Signals(seen.distribution(), seen.features(), known.embeddingND())
        : new Signals(known.distribution(), seen.features(), seen.embeddingND());
  }

  /// What is kept about `question`; asked for first, if it has not been.
  private Signals recalled(Question<B> question) {
    List<String> keys = question.contentKeys();
    if (!answered(keys)) {
      store.put(keys, answer(question));
    }
    float[][] rows = keys.stream().map(key -> store.get(key).orElseThrow()).toArray(float[][]::new);
    Tensor told = Tensors.of(rows);
    return stored == Need.EMBEDDING
        ? Signals.ofEmbeddings(told)
        : Signals.of(new Distribution.Dense(told));
  }

  /// Asks ahead of training, on all cores, whatever of `data` has not been answered; `done` hears
  /// how many rows have been so far.
  public void answer(BatchSource<B> data, LongConsumer done) {
    // Results are stored in order, so that a text that occurs twice has the same answer in every
    // run.
    Sweep.over(
        data,
        batch -> unanswered(new Question<>(data, batch)),
        (_, answer) -> answer.ifPresent(rows -> store.put(rows.keys(), rows.values())),
        done);
  }

  /// What is to be stored.
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Answer(List<String> keys, float[][] values) {}

  private Optional<Answer> unanswered(Question<B> question) {
    List<String> keys = question.contentKeys();
    return answered(keys) ? Optional.empty() : Optional.of(new Answer(keys, answer(question)));
  }

  private boolean answered(List<String> keys) {
    return keys.stream().allMatch(key -> store.get(key).isPresent());
  }

  private float[][] answer(Question<B> question) {
    try (Scope _ = Scope.open()) {
      Signals signals = teacher.ask(question, kept());
      return told(signals)
          .orElseThrow(() ->
              new IllegalStateException(
                  "teacher '%s' gave no %s to store".formatted(name(), stored)))
          .toFloatRows();
    }
  }

  /// What can be answered from the store.
  private Set<Need> kept() {
    return stored == Need.DISTRIBUTION
        ? EnumSet.of(Need.DISTRIBUTION, Need.LOGITS)
        : EnumSet.of(stored);
  }

  private Optional<Tensor> told(Signals signals) {
    return stored == Need.EMBEDDING
        ? signals.embeddingND()
        : signals
            .distribution()
            .filter(Distribution.Dense.class::isInstance)
            .map(dense -> ((Distribution.Dense) dense).logitsNV());
  }

  /// Writes what is still in memory and closes the teacher.
  @Override
  public void close() {
    store.close();
    teacher.close();
  }
}
