package dev.retort.objective;

import dev.retort.model.EncoderConfig;

/// What an objective must know of a model to be matched with it.
///
/// @param layers how many transformer layers
/// @param hiddenSize width of the hidden states
/// @param heads attention heads per layer
public record ModelShape(int layers, int hiddenSize, int heads) {

  /// The shape of a model with this configuration.
  public static ModelShape of(EncoderConfig config) {
    return new ModelShape(config.layers(), config.hiddenSize(), config.heads());
  }
}
