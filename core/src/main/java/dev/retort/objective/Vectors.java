package dev.retort.objective;

import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;

/// Lengths and angles along the last dimension.
final class Vectors {

  /// Lengths below this count as this, so that a zero vector has a direction's gradient.
  static final double SHORTEST = 1e-12;

  private Vectors() {}

  /// `x / ‖x‖`.
  static Tensor normalized(Tensor x) {
    return Functions.normalize(x);
  }

  /// The cosine of the angle between two vectors; the last dimension disappears.
  static Tensor cosine(Tensor a, Tensor b) {
    return normalized(a).times(normalized(b)).sum(-1, false);
  }

  /// `‖x‖`, with the last dimension of length 1.
  static Tensor length(Tensor x) {
    return x.square().sum(-1, true).atLeast(SHORTEST * SHORTEST).squareRoot();
  }
}
