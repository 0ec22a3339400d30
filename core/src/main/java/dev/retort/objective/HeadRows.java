package dev.retort.objective;

import dev.retort.tensor.Tensor;
import java.util.Optional;

/// Hidden states of the rows that count, before the head has turned them into logits.
///
/// @param hiddenND the student's last hidden states, `[N, D]`
/// @param teacher the teacher of the same rows
/// @param labelsN the index of the true label of each row, −1 where it is unknown, `INT64` `[N]`
/// @param weightsN what the gradient of each row is multiplied by, `[N]`; 1 if empty
public record HeadRows(
    Tensor hiddenND, TeacherRows teacher, Tensor labelsN, Optional<Tensor> weightsN) {

  /// Rows that count alike.
  public HeadRows(Tensor hiddenND, TeacherRows teacher, Tensor labelsN) {
    this(hiddenND, teacher, labelsN, Optional.empty());
  }

  Rows chunk(Tensor logitsNV, long first) {
    long count = logitsNV.size(0);
    return new Rows(logitsNV, teacher.of(first, count), labelsN.narrow(0, first, count));
  }
}
