package dev.retort.objective;

import dev.retort.model.LinearHead;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;

/// The logits of a head for a few rows at a time, always in the same memory.
final class ChunkedLogits {

  private final LinearHead head;
  private final Tensor hiddenND;
  private final Tensor memoryNV;

  /// Memory for `rows` rows belongs to the current scope.
  ChunkedLogits(LinearHead head, Tensor hiddenND, long rows) {
    this.head = head;
    this.hiddenND = hiddenND.detach();
    this.memoryNV = Tensors.zeros(rows, head.outcomes()).to(hiddenND.dtype());
  }

  /// The logits of `count` rows from `first` on, until the next call.
  Tensor of(long first, long count) {
    Tensor logitsNV = memoryNV.narrow(0, 0, count);
    try (NoGrad _ = NoGrad.open()) {
      head.logitsInto(logitsNV, hiddenND.narrow(0, first, count));
    }
    return logitsNV;
  }
}
