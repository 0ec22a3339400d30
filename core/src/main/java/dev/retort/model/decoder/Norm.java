package dev.retort.model.decoder;

import dev.retort.model.Parameters;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;

/// The normalisations of decoder families, over the last dimension.
public enum Norm {
  /// `x / √(mean x² + ε) · w` (Zhang and Sennrich 2019, arXiv 1910.07467).
  RMS,
  /// The same with `1 + w`, as Gemma stores it.
  RMS_PLUS_ONE,
  /// Layer normalisation with a bias.
  LAYER;

  /// `x` normalised by the parameters `name.weight` and, where there is one, `name.bias`.
  Tensor apply(Tensor x, Parameters parameters, String name, double epsilon) {
    Tensor weight = parameters.get(name + ".weight");
    return switch (this) {
      case RMS -> Functions.rmsNorm(x, weight, epsilon);
      case RMS_PLUS_ONE -> Functions.rmsNorm(x, weight.plus(1), epsilon);
      case LAYER -> Functions.layerNorm(x, weight, parameters.get(name + ".bias"), epsilon);
    };
  }
}
