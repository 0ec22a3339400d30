package dev.retort.bench;

import dev.retort.eval.Measured;
import java.util.Arrays;

/// The mean of one number for each seed, with Student's 95 % interval.
final class SeedInterval {

  /// The 97.5 % points of Student's t for 1, 2, … degrees of freedom.
  private static final double[] T = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262
  };

  private SeedInterval() {}

  /// The mean of `values`, from one seed to ten; one seed alone bounds nothing.
  static Measured of(double... values) {
    if (values.length < 1 || values.length > T.length + 1) {
      throw new IllegalArgumentException(
          "%d seeds; allowed are 1 to %d".formatted(values.length, T.length + 1));
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    if (values.length == 1) {
      return new Measured(mean, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1);
    }
    double variance =
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum()
            / (values.length - 1);
    double half = T[values.length - 2] * Math.sqrt(variance / values.length);
    return new Measured(mean, mean - half, mean + half, values.length);
  }
}
