package dev.retort.objective;

import dev.retort.model.EncoderConfig;

/// What an objective must know of a model to be matched with it.
///
/// @param layers how many transformer layers
/// @param hiddenSize width of the hidden states
/// @param heads attention heads per layer
/// @param labels how many labels it decides between; 0 where that is not known yet
public record ModelShape(int layers, int hiddenSize, int heads, int labels) {

  /// The shape of a model whose labels are not known yet.
  public ModelShape(int layers, int hiddenSize, int heads) {
    this(layers, hiddenSize, heads, 0);
  }

  /// The same shape, deciding between this many labels.
  public ModelShape withLabels(int count) {
    return new ModelShape(layers, hiddenSize, heads, count);
  }

  /// The shape of a model with this configuration.
  public static ModelShape of(EncoderConfig config) {
    return new ModelShape(config.layers(), config.hiddenSize(), config.heads());
  }
}
