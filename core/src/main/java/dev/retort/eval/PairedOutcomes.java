package dev.retort.eval;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Two classifiers on the same rows: how often each was right where the other was or was not, and
/// on how many rows both chose the same class.
///
/// Intervals come from a paired bootstrap over the four outcomes, with half a row added to each
/// (the adjustment of Agresti and Min 2005). Without it a small test set on which the models never
/// differ would "prove" with no width that they never will.
public record PairedOutcomes(
    int bothRight, int onlyFirstRight, int onlySecondRight, int bothWrong, int agreeing) {

  /// Counts the outcomes of two models over the same labelled rows.
  public static PairedOutcomes of(Predictions first, Predictions second) {
    requireSameRows(first, second);
    int[] outcomes = new int[4];
    int agreeing = 0;
    for (int row = 0; row < first.size(); row++) {
      outcomes[(first.isRight(row) ? 0 : 2) + (second.isRight(row) ? 0 : 1)]++;
      agreeing += first.predicted(row) == second.predicted(row) ? 1 : 0;
    }
    return new PairedOutcomes(outcomes[0], outcomes[1], outcomes[2], outcomes[3], agreeing);
  }

  /// The number of rows.
  public int rows() {
    return bothRight + onlyFirstRight + onlySecondRight + bothWrong;
  }

  /// The share of rows on which both choose the same class, right or wrong.
  public Measured agreement() {
    return Measured.share(agreeing, rows());
  }

  /// The first model's accuracy over the second's, or empty when the second is never right.
  public Optional<Measured> retention(Bootstrap bootstrap) {
    return bothRight + onlySecondRight == 0
        ? Optional.empty()
        : Optional.of(resampled(bootstrap, PairedOutcomes::ratio));
  }

  /// The first model's accuracy less the second's, from −1 to 1.
  public Measured accuracyDifference(Bootstrap bootstrap) {
    return resampled(bootstrap, PairedOutcomes::difference);
  }

  /// What a student (first) is measured by against its teacher (second).
  public Map<Metric, Measured> measurements(Bootstrap bootstrap) {
    Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
    retention(bootstrap).ifPresent(retention -> measurements.put(Metric.RETENTION, retention));
    measurements.put(Metric.AGREEMENT, agreement());
    return measurements;
  }

  private static double ratio(double[] outcomes) {
    return (outcomes[0] + outcomes[1]) / (outcomes[0] + outcomes[2]);
  }

  private static double difference(double[] outcomes) {
    return (outcomes[1] - outcomes[2]) / Arrays.stream(outcomes).sum();
  }

  private Measured resampled(Bootstrap bootstrap, ToDoubleFunction<double[]> statistic) {
    double[] observed = {bothRight, onlyFirstRight, onlySecondRight, bothWrong};
    SplittableRandom random = new SplittableRandom(bootstrap.seed());
    double[] replicates = new double[bootstrap.resamples()];
    Arrays.setAll(replicates, i -> statistic.applyAsDouble(draw(observed, random)));
    return Bootstrap.interval(statistic.applyAsDouble(observed), replicates, rows());
  }

  private double[] draw(double[] observed, SplittableRandom random) {
    double[] drawn = new double[observed.length];
    int rows = rows() + 2;
    for (int row = 0; row < rows; row++) {
      double left = random.nextDouble(rows);
      int outcome = 0;
      while (outcome < 3 && left >= observed[outcome] + 0.5) {
        left -= observed[outcome++] + 0.5;
      }
      drawn[outcome]++;
    }
    return drawn;
  }

  private static void requireSameRows(Predictions first, Predictions second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "models are compared on the same rows, but one has %d and the other %d"
              .formatted(first.size(), second.size()));
    }
    for (int row = 0; row < first.size(); row++) {
      if (first.label(row) != second.label(row)) {
        throw new IllegalArgumentException(
            "models are compared on the same rows, but row %d is labelled %d for one, %d for the other"
                .formatted(row, first.label(row), second.label(row)));
      }
    }
  }
}
