package dev.retort.objective;

import dev.retort.tensor.Tensor;
import java.util.function.Supplier;

/// A divergence of two distributions. Value and gradient share what both are made from, and each is
/// computed when it is asked for.
///
/// @param termsNO the terms whose sum over outcomes is the divergence, differentiable, `[N, O]`
/// @param weightedNO `q · ∂D/∂q`, the derivative by each outcome's probability times that
///   probability, `[N, O]`. In this form nothing overflows where `q` is tiny
record Comparison(Supplier<Tensor> termsNO, Supplier<Tensor> weightedNO) {}
