package dev.retort.eval;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Confidence intervals by resampling rows with replacement (Efron 1979), the same for the same
/// seed.
///
/// A statistic is a function of row indices. One that reads two models' predictions at these
/// indices is paired: both models see the same resampled rows, and what is hard for both cancels
/// out.
public record Bootstrap(int resamples, long seed) {

  public Bootstrap {
    if (resamples < 100) {
      throw new IllegalArgumentException("resamples must be at least 100 but is " + resamples);
    }
  }

  /// A thousand resamples.
  public static Bootstrap ofSeed(long seed) {
    return new Bootstrap(1000, seed);
  }

  /// The statistic with its percentile interval. Resamples where it is not finite, such as a ratio
  /// to zero, are left out.
  public Measured percentile(int rows, ToDoubleFunction<int[]> statistic) {
    double value = statistic.applyAsDouble(all(rows));
    return interval(value, statistics(rows, statistic), rows);
  }

  /// The mean of one number a row.
  public Measured mean(double[] rows) {
    return percentile(rows.length, drawn -> mean(rows, drawn));
  }

  /// The mean of `first` less that of `second`, paired: both have a number for each of the same
  /// rows.
  public Measured meanDifference(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "models are compared on the same rows, but one has %d and the other %d"
              .formatted(first.length, second.length));
    }
    double[] differences = new double[first.length];
    Arrays.setAll(differences, row -> first[row] - second[row]);
    return mean(differences);
  }

  private static double mean(double[] rows, int[] drawn) {
    double sum = 0;
    for (int row : drawn) {
      sum += rows[row];
    }
    return sum / drawn.length;
  }

  /// The statistic with its basic interval `2·value − percentiles`, which takes out the bias of
  /// statistics that resampling inflates, such as a calibration error; never below 0.
  public Measured basic(int rows, ToDoubleFunction<int[]> statistic) {
    double value = statistic.applyAsDouble(all(rows));
    double[] reflected = statistics(rows, statistic);
    Arrays.setAll(reflected, i -> Math.max(0, 2 * value - reflected[i]));
    return interval(value, reflected, rows);
  }

  /// The value with the central 95 % of `replicates` as its interval, widened where that would
  /// leave the value out.
  static Measured interval(double value, double[] replicates, int samples) {
    double[] sorted = Arrays.stream(replicates).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return new Measured(value, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, samples);
    }
    double low = sorted[Percentiles.rank(0.025, sorted.length) - 1];
    double high = sorted[Percentiles.rank(0.975, sorted.length) - 1];
    return new Measured(value, Math.min(low, value), Math.max(high, value), samples);
  }

  private double[] statistics(int rows, ToDoubleFunction<int[]> statistic) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] drawn = new int[rows];
    double[] statistics = new double[resamples];
    for (int resample = 0; resample < resamples; resample++) {
      for (int i = 0; i < rows; i++) {
        drawn[i] = random.nextInt(rows);
      }
      statistics[resample] = statistic.applyAsDouble(drawn);
    }
    return statistics;
  }

  private static int[] all(int rows) {
    return IntStream.range(0, rows).toArray();
  }
}
