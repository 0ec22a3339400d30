package dev.retort.eval;

/// Percentiles of sorted samples by nearest rank, with intervals that assume no distribution.
final class Percentiles {

  private Percentiles() {}

  /// The 1-based nearest rank `⌈p·n⌉` of the p-quantile among n sorted samples.
  static int rank(double p, int n) {
    // p·n of an exact rank can come out a hair above it, as 0.07 · 100 does.
    return Math.clamp((long) Math.ceil(p * n - 1e-9), 1, n);
  }

  /// The p-quantile of ascending non-negative samples, with the narrowest order statistics around
  /// it that leave at most 2.5 % on either side.
  ///
  /// The number of samples below the true quantile is binomial(n, p), whatever the distribution.
  /// The bounds are 0 and infinity where n samples are too few for a bound.
  static Measured of(double[] ascending, double p) {
    int n = ascending.length;
    int lower = 0;
    int upper = n + 1;
    double logMass = n * Math.log1p(-p);
    double cumulative = 0;
    for (int k = 0; k < n; k++) {
      cumulative += Math.exp(logMass);
      if (cumulative <= 0.025) {
        lower = k + 1;
      }
      if (cumulative >= 0.975) {
        upper = k + 1;
        break;
      }
      logMass += Math.log((double) (n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
    }
    double low = lower == 0 ? 0 : ascending[lower - 1];
    double high = upper > n ? Double.POSITIVE_INFINITY : ascending[upper - 1];
    return new Measured(ascending[rank(p, n) - 1], low, high, n);
  }
}
