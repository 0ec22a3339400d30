package dev.retort.objective;

import dev.retort.model.LinearHead;
import dev.retort.signal.Distribution;
import dev.retort.signal.Distribution.Dense;
import dev.retort.tensor.Tensor;
import java.util.Optional;

/// A teacher that is asked about a few rows at a time, in order.
@FunctionalInterface
public interface TeacherRows {

  /// What the teacher says about `count` rows from `first` on, valid until the next call; empty if
  /// no objective asks.
  Optional<Distribution> of(long first, long count);

  /// A teacher that says nothing.
  static TeacherRows none() {
    return (_, _) -> Optional.empty();
  }

  /// A teacher that has said everything.
  static TeacherRows of(Distribution all) {
    return (first, count) -> Optional.of(all.slice(first, count));
  }

  /// A teacher whose last layer computes logits when they are asked for, at most `rows` at a time,
  /// in memory that belongs to the current scope.
  static TeacherRows of(LinearHead head, Tensor hiddenND, long rows) {
    ChunkedLogits logits = new ChunkedLogits(head, hiddenND, Math.min(rows, hiddenND.size(0)));
    return (first, count) -> Optional.of(new Dense(logits.of(first, count)));
  }
}
