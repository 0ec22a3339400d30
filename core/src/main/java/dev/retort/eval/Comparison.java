package dev.retort.eval;

/// A paired difference `first − second` of one metric, over the same rows, with its interval.
public record Comparison(String first, String second, Metric metric, Measured difference) {

  /// Whether the interval lies wholly on one side of 0, so that one model is proven better.
  public boolean isProven() {
    return difference.low() > 0 || difference.high() < 0;
  }
}
