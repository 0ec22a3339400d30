package dev.retort.objective;

import dev.retort.model.LinearHead;
import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;

/// The logits of a head for a few rows at a time, always in the same memory.
///
/// Products are computed in the number format of the hidden states, everything else in at least 32
/// bits.
final class ChunkedLogits {

  private final LinearHead head;
  private final Tensor hiddenND;
  private final Tensor logitsNV;
  private final Tensor productsNV;

  /// Memory for `rows` rows belongs to the current scope.
  ChunkedLogits(LinearHead head, Tensor hiddenND, long rows) {
    DType type = hiddenND.dtype();
    this.hiddenND = hiddenND.detach();
    try (NoGrad _ = NoGrad.open()) {
      this.head = head.in(type);
      this.logitsNV = Tensors.zeros(rows, head.outcomes()).to(type.widened());
      this.productsNV =
          type == type.widened() ? logitsNV : Tensors.zeros(rows, head.outcomes()).to(type);
    }
  }

  /// The head in the number format of products.
  LinearHead head() {
    return head;
  }

  /// The logits of `count` rows from `first` on, until the next call.
  Tensor of(long first, long count) {
    Tensor chunkNV = productsNV.narrow(0, 0, count);
    try (NoGrad _ = NoGrad.open()) {
      head.logitsInto(chunkNV, hiddenND.narrow(0, first, count));
      return productsNV.dtype() == logitsNV.dtype()
          ? chunkNV
          : logitsNV.narrow(0, 0, count).setInPlace(chunkNV);
    }
  }

  /// A gradient of the logits in the number format of products, until the next call of either.
  Tensor narrowed(Tensor gradientNV) {
    return gradientNV.dtype() == productsNV.dtype()
        ? gradientNV
        : productsNV.narrow(0, 0, gradientNV.size(0)).setInPlace(gradientNV);
  }
}
