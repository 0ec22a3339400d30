package dev.retort.objective;

import dev.retort.signal.Distribution;
import dev.retort.tensor.Tensor;
import java.util.Optional;

/// The rows that an objective is asked about, all of which count.
///
/// @param logitsNV the student's logits, `[N, V]`, `FLOAT32` or `FLOAT64`
/// @param teacher the teacher's distribution for the same rows, if one was needed
/// @param labelsN the index of the true label of each row, −1 where it is unknown, `INT64` `[N]`
public record Rows(Tensor logitsNV, Optional<Distribution> teacher, Tensor labelsN) {

  /// The teacher's distribution, which the plan has made sure is there.
  public Distribution requireTeacher() {
    return teacher.orElseThrow(
        () -> new IllegalStateException("the teacher gave no distribution for these rows"));
  }

  /// The same rows, of which this is the teacher's distribution.
  Rows heardFrom(Distribution distribution) {
    return new Rows(logitsNV, Optional.of(distribution), labelsN);
  }

  Rows withLogits(Tensor logits) {
    return new Rows(logits, teacher, labelsN);
  }
}
