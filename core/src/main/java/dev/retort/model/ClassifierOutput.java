package dev.retort.model;

import dev.retort.tensor.Tensor;

/// What one forward pass of a classifier yields.
///
/// @param logitsNC one row per text, one column per label, `FLOAT32` `[N, C]`
/// @param pooledND the vector that the head's last layer sees, `FLOAT32` `[N, D]`
/// @param encoder what the encoder below yields
public record ClassifierOutput(Tensor logitsNC, Tensor pooledND, EncoderOutput encoder) {}
