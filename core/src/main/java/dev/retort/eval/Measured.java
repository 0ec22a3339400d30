package dev.retort.eval;

/// A measurement and its 95 % confidence interval, which contains the value, over `samples`
/// samples.
///
/// A bound is infinite where the samples cannot give one, such as the upper bound of a p99 over a
/// hundred requests. No number is NaN.
public record Measured(double value, double low, double high, int samples) {

  /// The 97.5 % point of the standard normal distribution.
  private static final double Z = 1.959963984540054;

  public Measured {
    if (!(low <= value && value <= high)) {
      throw new IllegalArgumentException(
          "the interval [%s, %s] must contain the value %s".formatted(low, high, value));
    }
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1 but is " + samples);
    }
  }

  /// A number that is known rather than sampled, such as a file's size: its interval has no width.
  public static Measured exactly(double value) {
    return new Measured(value, value, value, 1);
  }

  /// The share of `successes` in `samples` with Wilson's score interval (Wilson 1927), which,
  /// unlike a bootstrap, keeps a width when every sample succeeds.
  public static Measured share(int successes, int samples) {
    double share = (double) successes / samples;
    double shrink = 1 + Z * Z / samples;
    double centre = (share + Z * Z / (2.0 * samples)) / shrink;
    double spread = Math.sqrt(share * (1 - share) / samples + Z * Z / (4.0 * samples * samples));
    double half = Z * spread / shrink;
    double low = Math.clamp(centre - half, 0, share);
    double high = Math.clamp(centre + half, share, 1);
    return new Measured(share, low, high, samples);
  }

  /// Whether the value is known rather than sampled.
  public boolean isExact() {
    return low == high;
  }
}
