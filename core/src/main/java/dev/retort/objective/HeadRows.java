package dev.retort.objective;

import dev.retort.tensor.Tensor;

/// Hidden states of the rows that count, before the head has turned them into logits.
///
/// @param hiddenND the student's last hidden states, `[N, D]`
/// @param teacher the teacher of the same rows
/// @param labelsN the index of the true label of each row, −1 where it is unknown, `INT64` `[N]`
public record HeadRows(Tensor hiddenND, TeacherRows teacher, Tensor labelsN) {

  Rows chunk(Tensor logitsNV, long first) {
    long count = logitsNV.size(0);
    return new Rows(logitsNV, teacher.of(first, count), labelsN.narrow(0, first, count));
  }
}
