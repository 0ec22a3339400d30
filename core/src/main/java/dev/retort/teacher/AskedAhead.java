package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.util.Set;

/// A teacher that has been asked about everything ahead of training and cannot be asked any more,
/// as one behind an API: all that it says is in the store of the [StoredTeacher] around it.
///
/// Its answers are probabilities of labels, not logits: those of an API differ from logits by a
/// constant for each text.
///
/// @param <B> what it was asked about
/// @param name what to call it
/// @param fingerprint hash of all that its answers depend on
public record AskedAhead<B extends Batch>(String name, String fingerprint) implements Teacher<B> {

  @Override
  public Set<Need> offers() {
    return Set.of(Need.DISTRIBUTION);
  }

  /// Refuses.
  ///
  /// @throws IllegalStateException always: whoever asks has missed a text when asking ahead
  @Override
  public Signals ask(Question<B> question, Set<Need> needs) {
    throw new IllegalStateException(
        "teacher '%s' was to be asked ahead about all texts, but is asked for %s of %d texts"
            .formatted(name, needs, question.batch().size()));
  }

  @Override
  public void close() {
    // there is nothing behind it
  }
}
