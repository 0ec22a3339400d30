package dev.retort.teacher;

import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.signal.Signals;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A teacher that is asked about a text once: its distributions are kept under the text's content,
/// so that later epochs and later runs cost no teacher pass.
///
/// Questions that need more than a distribution go to the teacher itself each time.
///
/// @param teacher who knows
/// @param store what it has said, opened for its fingerprint
public record StoredTeacher(Teacher teacher, SignalStore store) implements Teacher {

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
    List<String> keys = question.contentKeys();
    List<Optional<float[]>> known = keys.stream().map(store::get).toList();
    float[][] rows =
        known.stream().allMatch(Optional::isPresent)
            ? known.stream().flatMap(Optional::stream).toArray(float[][]::new)
            : askAndStore(question, keys);
    return Signals.of(new Distribution.Dense(Tensors.of(rows)));
  }

  private float[][] askAndStore(Question question, List<String> keys) {
    try (Scope _ = Scope.open()) {
      Signals signals = teacher.ask(question, Set.of(Need.DISTRIBUTION));
      if (!(signals.distribution().orElse(null) instanceof Distribution.Dense dense)) {
        throw new IllegalStateException(
            "teacher '%s' gave no dense distribution to store".formatted(name()));
      }
      float[][] rows = dense.logitsNV().toFloatRows();
      store.put(keys, rows);
      return rows;
    }
  }

  /// Writes what is still in memory and closes the teacher.
  @Override
  public void close() {
    store.close();
    teacher.close();
  }
}
