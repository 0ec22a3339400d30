package dev.retort.objective;

/// What an objective must know of a model to be matched with it.
///
/// @param layers how many transformer layers
/// @param hiddenSize width of the hidden states
/// @param heads attention heads per layer
public record ModelShape(int layers, int hiddenSize, int heads) {}
