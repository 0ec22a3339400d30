package dev.retort.objective;

import dev.retort.tensor.Tensor;

/// How far a student's distribution `q` is from a teacher's `p` over the same outcomes.
interface Divergence {

  /// The terms whose sum over outcomes is the divergence, differentiable, `[N, O]`.
  Tensor termsNO(Tensor logPNO, Tensor logQNO);

  /// `q · ∂D/∂q`, the derivative by each outcome's probability times that probability, `[N, O]`. In
  /// this form nothing overflows where `q` is tiny.
  Tensor weightedNO(Tensor logPNO, Tensor logQNO);
}
