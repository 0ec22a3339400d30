package dev.retort.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How far a classifier's confidence can be believed.
///
/// The expected calibration error is `Σ (rows in bin / rows) · |accuracy − mean confidence|` over
/// equal-width bins of the predicted class's probability (Guo et al. 2017). The negative log
/// likelihood is the mean of `−ln p(label)` in nats.
public record Calibration(
    double expectedCalibrationError, double negativeLogLikelihood, List<Bin> bins) {

  /// The number of bins, as in the paper.
  public static final int BINS = 15;

  /// The rows whose confidence lies in one bin, `(index/15, (index+1)/15]`; both means are 0 when
  /// there are no rows.
  public record Bin(int rows, double meanConfidence, double accuracy) {}

  public Calibration {
    bins = List.copyOf(bins);
  }

  static Calibration of(Predictions predictions) {
    int[] rows = IntStream.range(0, predictions.size()).toArray();
    List<Bin> bins = bins(predictions, rows);
    return new Calibration(error(bins), negativeLogLikelihood(predictions, rows), bins);
  }

  static double error(Predictions predictions, int[] rows) {
    return error(bins(predictions, rows));
  }

  static double negativeLogLikelihood(Predictions predictions, int[] rows) {
    double sum = 0;
    for (int row : rows) {
      sum -= predictions.labelLogProbability(row);
    }
    return sum / rows.length;
  }

  private static double error(List<Bin> bins) {
    int rows = bins.stream().mapToInt(Bin::rows).sum();
    return bins.stream()
        .mapToDouble(bin -> bin.rows() * Math.abs(bin.accuracy() - bin.meanConfidence()) / rows)
        .sum();
  }

  private static List<Bin> bins(Predictions predictions, int[] rows) {
    int[] counts = new int[BINS];
    int[] right = new int[BINS];
    double[] confidence = new double[BINS];
    for (int row : rows) {
      int bin = Math.clamp((int) Math.ceil(predictions.confidence(row) * BINS) - 1, 0, BINS - 1);
      counts[bin]++;
      right[bin] += predictions.isRight(row) ? 1 : 0;
      confidence[bin] += predictions.confidence(row);
    }
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      double divisor = Math.max(1, counts[bin]);
      bins.add(new Bin(counts[bin], confidence[bin] / divisor, right[bin] / divisor));
    }
    return bins;
  }
}
