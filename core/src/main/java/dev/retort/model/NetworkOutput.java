package dev.retort.model;

import dev.retort.tensor.Tensor;
import java.util.Optional;

/// What one forward pass of a model yields.
///
/// @param logits one row per decision, one column per label or token, `FLOAT32` `[N, V]`; none from
///   a model that decides nothing
/// @param pooledND one vector per decision, which the head's last layer sees, or one per example
///   that is the answer itself, `FLOAT32` `[N, D]`; before a large head in the number format of its
///   products
/// @param encoder what the encoder below yields, if there is one
/// @param head what would turn the vectors into logits, where there are too many to compute at once
/// @param rest what is left of a backward pass once gradients have come to all of these, where not
///   all history was kept
public record NetworkOutput(
    Optional<Tensor> logits,
    Tensor pooledND,
    Optional<EncoderOutput> encoder,
    Optional<LinearHead> head,
    Optional<Runnable> rest) {

  /// What a model yields that computes its logits itself, or has none.
  public NetworkOutput(Optional<Tensor> logits, Tensor pooledND, Optional<EncoderOutput> encoder) {
    this(logits, pooledND, encoder, Optional.empty(), Optional.empty());
  }

  /// Vectors before a head over a large vocabulary, one for each token that counts, and what is
  /// known of the layers below.
  public static NetworkOutput behind(
      LinearHead head, Tensor hiddenND, Optional<EncoderOutput> below) {
    return new NetworkOutput(
        Optional.empty(), hiddenND, below, Optional.of(head), Optional.empty());
  }

  /// The same, whose backward pass ends with `last`, if that is there.
  public NetworkOutput completedBy(Optional<Runnable> last) {
    return new NetworkOutput(logits, pooledND, encoder, head, last);
  }

  /// What the model was asked for: its logits, or the vectors of a model that has none.
  public Tensor answerND() {
    return logits.orElse(pooledND);
  }

  /// The logits of a model that has them.
  public Tensor logitsNV() {
    return logits.orElseThrow(() -> new IllegalStateException("the model yields no logits"));
  }
}
