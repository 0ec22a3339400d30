package dev.retort.tensor;

import java.util.Arrays;

/// The softmax of one row of logits after another. A row is read from memory once; afterwards its
/// exponentials, and mostly its logits, are in the second cache.
final class SoftmaxRow {

  private final FloatMatrix logits;
  private final float factor;
  private final FloatBlock math;

  private final float[] exponentials;
  private final float[] block = new float[FloatBlock.SIZE];
  private final float[] lanes = new float[FloatBlock.SIZE];

  private long row;
  private float max;
  private double sum;

  SoftmaxRow(FloatMatrix logits, double temperature, FloatBlock math) {
    this.logits = logits;
    this.factor = (float) (1 / temperature);
    this.math = math;
    int blocks = Math.ceilDiv(logits.width(), FloatBlock.SIZE);
    this.exponentials = new float[blocks * FloatBlock.SIZE];
  }

  /// Goes to row `index`.
  void moveTo(long index) {
    row = index;
    Arrays.fill(lanes, Float.NEGATIVE_INFINITY);
    for (int from = 0; from < logits.width(); from += FloatBlock.SIZE) {
      int count = logits.read(row, from, block);
      Arrays.fill(block, count, FloatBlock.SIZE, Float.NEGATIVE_INFINITY);
      FloatBlock.raise(lanes, block);
    }
    max = factor * FloatBlock.max(lanes);
    Arrays.fill(lanes, 0);
    for (int from = 0; from < logits.width(); from += FloatBlock.SIZE) {
      shifted(from, block, -max);
      math.exp(block, block);
      FloatBlock.add(lanes, block);
      System.arraycopy(block, 0, exponentials, from, FloatBlock.SIZE);
    }
    sum = FloatBlock.sum(lanes);
  }

  /// `log Σ exp(logits / temperature)` of this row.
  double logSumExp() {
    return max + Math.log(sum);
  }

  /// The probabilities of a block of outcomes. Those after the last outcome are next to 0.
  void probabilities(int from, float[] into) {
    System.arraycopy(exponentials, from, into, 0, FloatBlock.SIZE);
    FloatBlock.scale(into, (float) (1 / sum), 0);
  }

  /// The log-probabilities of a block of outcomes.
  void logProbabilities(int from, float[] into) {
    shifted(from, into, (float) -logSumExp());
  }

  private void shifted(int from, float[] into, float offset) {
    int count = logits.read(row, from, into);
    FloatBlock.scale(into, factor, offset);
    Arrays.fill(into, count, FloatBlock.SIZE, FloatBlock.FLOOR);
  }
}
