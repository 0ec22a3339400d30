package dev.retort.model;

import dev.retort.tensor.Tensor;

/// What a layer's attention is computed from, the heads side by side.
///
/// @param queriesBTD `[B, T, D]`
/// @param keysBTD `[B, T, D]`
/// @param valuesBTD `[B, T, D]`
public record AttentionVectors(Tensor queriesBTD, Tensor keysBTD, Tensor valuesBTD) {}
