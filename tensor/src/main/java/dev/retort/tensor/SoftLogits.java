package dev.retort.tensor;

/// Logits and the temperature that divides them before a softmax.
///
/// @param logitsNV `[N, V]`
/// @param temperature above 0
public record SoftLogits(Tensor logitsNV, double temperature) {}
