package dev.retort.bench;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A number added to one class's logits. A student that never saw the class finds it too rarely,
/// and a better bias is all that it lacks (Hinton et al. 2015, section 3).
///
/// @param label the class
/// @param bias what is added
record ClassBias(int label, double bias) {

  /// One row as a function of the bias: above `threshold` it is given to the class.
  private record Row(double threshold, boolean rightBelow, boolean rightAbove) {

    static Row of(float[] logits, int truth, int label) {
      int other = label == 0 ? 1 : 0;
      for (int i = 0; i < logits.length; i++) {
        other = i != label && logits[i] > logits[other] ? i : other;
      }
      return new Row(logits[other] - (double) logits[label], truth == other, truth == label);
    }
  }

  /// The bias under which most of `logitsNV` are right: the middle of the best stretch between two
  /// rows' thresholds, of equally good ones the lowest.
  static ClassBias best(float[][] logitsNV, int[] labels, int label) {
    List<Row> rows =
        IntStream.range(0, labels.length)
            .mapToObj(row -> Row.of(logitsNV[row], labels[row], label))
            .sorted(Comparator.comparingDouble(Row::threshold))
            .toList();
    int gain = 0;
    int most = 0;
    double best = rows.getFirst().threshold() - 1;
    for (int i = 0; i < rows.size(); i++) {
      gain += (rows.get(i).rightAbove() ? 1 : 0) - (rows.get(i).rightBelow() ? 1 : 0);
      double threshold = rows.get(i).threshold();
      double next = i + 1 < rows.size() ? rows.get(i + 1).threshold() : threshold + 2;
      if (gain > most && next > threshold) {
        most = gain;
        best = (threshold + next) / 2;
      }
    }
    return new ClassBias(label, best);
  }

  /// A copy of `logitsNV` with the bias added.
  float[][] addTo(float[][] logitsNV) {
    float[][] changed = new float[logitsNV.length][];
    for (int row = 0; row < changed.length; row++) {
      changed[row] = logitsNV[row].clone();
      changed[row][label] += (float) bias;
    }
    return changed;
  }
}
