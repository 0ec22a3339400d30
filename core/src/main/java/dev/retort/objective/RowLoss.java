package dev.retort.objective;

import dev.retort.tensor.Tensor;

/// The value of a row objective and its gradient.
///
/// @param sum the loss added up over the rows that count, a scalar
/// @param gradientNV `∂sum/∂logits`, `[N, V]`
public record RowLoss(Tensor sum, Tensor gradientNV) {}
