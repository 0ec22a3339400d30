package dev.retort.model;

import dev.retort.tensor.DropoutKeys;
import java.util.Optional;

/// How a forward pass is run.
///
/// @param precision number format of matrix products
/// @param dropout the random numbers of dropout; none outside training
/// @param capture whether hidden states and attention scores of all layers are handed out
public record ForwardMode(Precision precision, Optional<DropoutKeys> dropout, boolean capture) {

  /// Plain inference in 32 bits.
  public static final ForwardMode EVALUATE = evaluate(Precision.FP32);

  /// Inference in `precision`.
  public static ForwardMode evaluate(Precision precision) {
    return new ForwardMode(precision, Optional.empty(), false);
  }

  /// Training in `precision`, with the dropout that `seed` decides.
  public static ForwardMode train(Precision precision, long seed) {
    return new ForwardMode(precision, Optional.of(new DropoutKeys(seed)), false);
  }

  /// The same, handing out what every layer computed.
  public ForwardMode capturing() {
    return new ForwardMode(precision, dropout, true);
  }
}
