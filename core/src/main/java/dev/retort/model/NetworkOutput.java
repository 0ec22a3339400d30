package dev.retort.model;

import dev.retort.tensor.Tensor;
import java.util.Optional;

/// What one forward pass of a model yields.
///
/// @param logits one row per decision, one column per label or token, `FLOAT32` `[N, V]`; none from
///   a model that decides nothing
/// @param pooledND one vector per example, which the head's last layer sees or which is the answer
///   itself, `FLOAT32` `[B, D]`
/// @param encoder what the encoder below yields, if there is one
public record NetworkOutput(
    Optional<Tensor> logits, Tensor pooledND, Optional<EncoderOutput> encoder) {

  /// What the model was asked for: its logits, or the vectors of a model that has none.
  public Tensor answerND() {
    return logits.orElse(pooledND);
  }

  /// The logits of a model that has them.
  public Tensor logitsNV() {
    return logits.orElseThrow(() -> new IllegalStateException("the model yields no logits"));
  }
}
