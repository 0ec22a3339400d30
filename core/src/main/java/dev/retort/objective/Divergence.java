package dev.retort.objective;

import dev.retort.tensor.Tensor;

/// How far a student's distribution `q` is from a teacher's `p` over the same outcomes.
interface Divergence {

  /// Compares log-probabilities, `[N, O]` each.
  Comparison compare(Tensor logPNO, Tensor logQNO);
}
