package dev.retort.model;

import dev.retort.tensor.DType;

/// The number format of matrix products. Weights, their optimizer state, softmax, normalisation and
/// losses stay in 32 bits under either.
public enum Precision {
  FP32(DType.FLOAT32),
  BF16(DType.BFLOAT16);

  private final DType dtype;

  Precision(DType dtype) {
    this.dtype = dtype;
  }

  /// The element type that goes into matrix products.
  public DType dtype() {
    return dtype;
  }
}
