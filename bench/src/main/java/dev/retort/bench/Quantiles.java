package dev.retort.bench;

import java.util.Arrays;

/// Quantiles of samples with linear interpolation between the nearest ranks, as `numpy.percentile`
/// computes them.
final class Quantiles {

  private final double[] ascending;

  Quantiles(double[] samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("quantiles need at least one sample");
    }
    this.ascending = Arrays.stream(samples).sorted().toArray();
  }

  /// The `share`-quantile, `share` from 0 to 1.
  double at(double share) {
    double position = share * (ascending.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, ascending.length - 1);
    return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
  }

  double median() {
    return at(0.5);
  }
}
