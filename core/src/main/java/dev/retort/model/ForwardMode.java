package dev.retort.model;

/// How a forward pass is run.
///
/// @param precision number format of matrix products
/// @param training whether dropout is active
/// @param capture whether hidden states and attention scores of all layers are handed out
public record ForwardMode(Precision precision, boolean training, boolean capture) {

  /// Plain inference in 32 bits.
  public static final ForwardMode EVALUATE = new ForwardMode(Precision.FP32, false, false);

  /// Inference in `precision`.
  public static ForwardMode evaluate(Precision precision) {
    return new ForwardMode(precision, false, false);
  }

  /// Training in `precision`.
  public static ForwardMode train(Precision precision) {
    return new ForwardMode(precision, true, false);
  }

  /// The same, handing out what every layer computed.
  public ForwardMode capturing() {
    return new ForwardMode(precision, training, true);
  }
}
