package dev.retort.model.decoder;

import dev.retort.model.Parameters;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;

/// The normalisations of decoder families, over the last dimension.
public enum Norm {
  /// `x / √(mean x² + ε) · w` (Zhang and Sennrich 2019, arXiv 1910.07467).
  RMS,
  /// The same with `1 + w`, as Gemma stores it.
  RMS_PLUS_ONE,
  /// Layer normalisation with a bias.
  LAYER;

  /// `x` normalised, before gain and bias.
  public Tensor bare(Tensor x, double epsilon) {
    Tensor ones = Tensors.ones(x.size(-1));
    return switch (this) {
      case RMS, RMS_PLUS_ONE -> Functions.rmsNorm(x, ones, epsilon);
      case LAYER -> Functions.layerNorm(x, ones, Tensors.zeros(x.size(-1)), epsilon);
    };
  }

  /// The weight under which what is normalised becomes `factor` times as large.
  public Tensor scaled(Tensor weight, double factor) {
    return switch (this) {
      case RMS, LAYER -> weight.times(factor);
      case RMS_PLUS_ONE -> weight.times(factor).plus(factor - 1);
    };
  }

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
