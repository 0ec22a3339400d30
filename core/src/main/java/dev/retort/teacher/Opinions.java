package dev.retort.teacher;

import dev.retort.tensor.Tensor;
import java.util.List;

/// What `M` teachers think of the same `N` rows.
///
/// @param logitsNV the logits of each of them, `[N, V]`
/// @param labelsN the index of the true label of each row, −1 where it is unknown, `INT64` `[N]`
/// @param qualities how good each of them is on the validation data, from 0 to 1, `[M]`
public record Opinions(List<Tensor> logitsNV, Tensor labelsN, List<Double> qualities) {

  public Opinions {
    logitsNV = List.copyOf(logitsNV);
    qualities = List.copyOf(qualities);
  }
}
