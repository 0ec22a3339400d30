package dev.retort.eval;

/// Per class: rows that carry its label, rows predicted as it, and rows that are both. All that F1
/// needs, and cheap enough to count anew for every resample.
final class ClassCounts {

  private final int[] support;
  private final int[] predicted;
  private final int[] right;

  private ClassCounts(int classes) {
    this.support = new int[classes];
    this.predicted = new int[classes];
    this.right = new int[classes];
  }

  static ClassCounts of(Predictions predictions, int[] rows) {
    ClassCounts counts = new ClassCounts(predictions.classes());
    for (int row : rows) {
      counts.support[predictions.label(row)]++;
      counts.predicted[predictions.predicted(row)]++;
      counts.right[predictions.label(row)] += predictions.isRight(row) ? 1 : 0;
    }
    return counts;
  }

  ClassScore score(int index, String name) {
    double precision = quotient(right[index], predicted[index]);
    double recall = quotient(right[index], support[index]);
    return new ClassScore(name, precision, recall, f1(index), support[index]);
  }

  double macroF1() {
    double sum = 0;
    int present = 0;
    for (int i = 0; i < support.length; i++) {
      sum += f1(i);
      present += support[i] + predicted[i] > 0 ? 1 : 0;
    }
    return sum / present;
  }

  /// `2·TP / (2·TP + FP + FN)`, the harmonic mean of precision and recall.
  private double f1(int index) {
    return quotient(2 * right[index], support[index] + predicted[index]);
  }

  /// 0/0 is 0.
  private static double quotient(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
