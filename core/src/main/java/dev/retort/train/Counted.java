package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.data.SequenceBatch;
import dev.retort.data.Target;
import dev.retort.model.TokenBatches;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The rows of a batch that a term counts: all, or those whose tokens say what it is about.
///
/// @param batch where they are
/// @param target what they say; all rows, if empty
record Counted(Batch batch, Optional<Target> target) {

  /// `[N]` the labels of all rows, −1 for those that are not counted.
  int[] labels() {
    if (target.isEmpty()) {
      return batch.labels();
    }
    int[] labels = new int[batch.labels().length];
    Arrays.fill(labels, -1);
    for (long row : rows()) {
      labels[Math.toIntExact(row)] = batch.labels()[Math.toIntExact(row)];
    }
    return labels;
  }

  /// The same as a tensor, `INT64` `[N]`.
  Tensor labelsN() {
    return target.isEmpty()
        ? TokenBatches.labels(batch)
        : Tensors.of(Arrays.stream(labels()).asLongStream().toArray(), labels().length);
  }

  /// The counted of all rows, `[N, …]`.
  Tensor of(Tensor all) {
    if (target.isEmpty()) {
      return all;
    }
    long[] rows = rows();
    try (NoGrad _ = NoGrad.open()) {
      return all.detach().indexSelect(0, Tensors.of(rows, rows.length));
    }
  }

  /// The gradient of all rows, `[N, D]`, of which those that are not counted have none.
  Tensor spread(Tensor countedMD) {
    if (target.isEmpty()) {
      return countedMD;
    }
    long[] rows = rows();
    long[] places = new long[batch.labels().length];
    Arrays.fill(places, rows.length);
    for (int place = 0; place < rows.length; place++) {
      places[Math.toIntExact(rows[place])] = place;
    }
    try (NoGrad _ = NoGrad.open()) {
      Tensor none1D = Tensors.zerosLike(countedMD.narrow(0, 0, 1));
      return Tensors.concatenate(List.of(countedMD, none1D), 0)
          .indexSelect(0, Tensors.of(places, places.length));
    }
  }

  /// Whether no row is counted.
  boolean isEmpty() {
    return target.isPresent() && rows().length == 0;
  }

  private long[] rows() {
    return batch instanceof SequenceBatch sequences
        ? sequences.saying(target.orElseThrow())
        : new long[0];
  }
}
