package dev.retort.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Greedy k-center selection: the first vector, then again and again the one that is furthest from
/// all that are selected. No vector is then further from its center than twice what the best
/// selection could do (Gonzalez 1985, Clustering to minimize the maximum intercluster distance).
///
/// Distance is that of cosine, 1 − cos. Its root is proportional to the distance of the vectors at
/// length 1, so that the furthest is the same; the bound of 2 holds for that root.
final class KCenter {

  /// The center that a vector is nearest to.
  ///
  /// @param index of the center
  /// @param distance to it, from 0 to 2
  record Near(int index, double distance) {}

  private final List<Integer> selected = new ArrayList<>();
  private final double[] distances;
  private final int[] nearest;

  private KCenter(int rows) {
    this.distances = new double[rows];
    this.nearest = new int[rows];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
  }

  /// Selects `count` of `vectors`, or all of them if there are fewer.
  static KCenter of(float[][] vectors, int count) {
    KCenter centers = new KCenter(vectors.length);
    if (vectors.length <= count) {
      for (int row = 0; row < vectors.length; row++) {
        centers.take(row);
      }
      return centers;
    }
    float[][] units = Arrays.stream(vectors).map(KCenter::unit).toArray(float[][]::new);
    for (int next = 0; centers.selected.size() < count; next = centers.furthest()) {
      centers.select(next, units);
    }
    return centers;
  }

  /// The selected vectors, in the order in which they were selected.
  List<Integer> selected() {
    return List.copyOf(selected);
  }

  /// What stands for a vector that was not selected; nothing for one that was.
  Optional<Near> near(int row) {
    return distances[row] == Double.NEGATIVE_INFINITY
        ? Optional.empty()
        : Optional.of(new Near(nearest[row], distances[row]));
  }

  private void select(int center, float[][] units) {
    for (int row = 0; row < units.length; row++) {
      double distance = 1 - dot(units[center], units[row]);
      if (distance < distances[row]) {
        distances[row] = distance;
        nearest[row] = center;
      }
    }
    take(center);
  }

  /// Nothing is nearer than what is selected, so that it is never selected twice.
  private void take(int center) {
    selected.add(center);
    distances[center] = Double.NEGATIVE_INFINITY;
  }

  private int furthest() {
    int furthest = 0;
    for (int row = 1; row < distances.length; row++) {
      furthest = distances[row] > distances[furthest] ? row : furthest;
    }
    return furthest;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[] unit(float[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length && length > 0; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }
}
