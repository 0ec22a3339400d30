package dev.retort.compress;

import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Sums over rows for each of `D` features, from which their means follow.
///
/// @param rows how many rows
/// @param magnitudes `[D]` Σ |x|
/// @param squares `[D]` Σ x²
@SuppressWarnings("ArrayRecordComponent") // numbers on their way to other numbers, never compared
record Moments(long rows, double[] magnitudes, double[] squares) {

  /// Those of the rows of `xND`, added up in 64 bits.
  static Moments of(Tensor xND) {
    Tensor wideND = xND.to(DType.FLOAT64);
    return new Moments(
        xND.size(0),
        wideND.absolute().sum(0, false).toDoubles(),
        wideND.square().sum(0, false).toDoubles());
  }

  /// Those of the rows of both.
  Moments plus(Moments other) {
    return new Moments(
        rows + other.rows, added(magnitudes, other.magnitudes), added(squares, other.squares));
  }

  private static double[] added(double[] a, double[] b) {
    double[] sum = a.clone();
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }

  /// `[D]` the mean magnitude of each feature.
  double[] meanMagnitudes() {
    return perRow(magnitudes);
  }

  /// `[D]` the mean square of each feature.
  double[] meanSquares() {
    return perRow(squares);
  }

  /// The size of the `kept` features over that of all: the root of the ratio of their mean squares.
  double share(int[] kept) {
    double[] means = meanSquares();
    return Math.sqrt(
        mean(IntStream.of(kept).mapToDouble(feature -> means[feature]))
            / mean(Arrays.stream(means)));
  }

  private static double mean(DoubleStream values) {
    return values.average().orElseThrow();
  }

  private double[] perRow(double[] values) {
    return Arrays.stream(values).map(value -> value / rows).toArray();
  }
}
