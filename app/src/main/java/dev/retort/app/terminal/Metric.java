package dev.retort.app.terminal;

import java.util.Locale;

/// A number worth watching, as it is shown.
///
/// @param text such as `loss 0.1235` or `3,100 tokens/s`
public record Metric(String text) {

  /// A named number, such as the loss.
  public static Metric of(String name, double value) {
    double size = Math.abs(value);
    boolean fixed = value == 0 || (size >= 0.001 && size < 100_000);
    return new Metric(name + " " + String.format(Locale.ROOT, fixed ? "%.4f" : "%.3e", value));
  }

  /// How many of something a second brings.
  public static Metric rate(double perSecond, String unit) {
    return new Metric(String.format(Locale.ROOT, "%,.0f %s/s", perSecond, unit));
  }
}
