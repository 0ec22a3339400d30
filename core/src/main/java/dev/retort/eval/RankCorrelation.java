package dev.retort.eval;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Spearman's rank correlation: whether two measurements put the same things in the same order.
public final class RankCorrelation {

  private RankCorrelation() {}

  /// Pearson's correlation of the ranks of `x` and `y`, from −1 to 1; equal values share the mean
  /// of their ranks. NaN where one of the two is constant.
  public static double spearman(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "%d and %d values are not pairs".formatted(x.length, y.length));
    }
    return pearson(ranks(x), ranks(y));
  }

  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(index -> values[index]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int place = from; place < to; place++) {
        ranks[order[place]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static double pearson(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double both = 0;
    double onlyX = 0;
    double onlyY = 0;
    for (int i = 0; i < x.length; i++) {
      both += (x[i] - meanX) * (y[i] - meanY);
      onlyX += (x[i] - meanX) * (x[i] - meanX);
      onlyY += (y[i] - meanY) * (y[i] - meanY);
    }
    return both / Math.sqrt(onlyX * onlyY);
  }
}
