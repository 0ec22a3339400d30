package dev.retort.model;

import dev.retort.tensor.Tensor;

/// How the hidden states of a text become one vector. It is a property of the model and travels
/// with it: a model trained with one kind is worthless with another.
public enum Pooling {
  /// The mean over the real tokens.
  MEAN,
  /// The first token.
  CLS;

  /// Pools `hiddenBTD` over time into `[B, D]`; `maskBT` is 1 for real tokens and 0 for padding.
  public Tensor apply(Tensor hiddenBTD, Tensor maskBT) {
    return switch (this) {
      case MEAN -> {
        Tensor maskBT1 = maskBT.to(hiddenBTD.dtype()).unsqueeze(-1);
        yield hiddenBTD.times(maskBT1).sum(1, false).dividedBy(maskBT1.sum(1, false));
      }
      case CLS -> hiddenBTD.select(1, 0);
    };
  }
}
