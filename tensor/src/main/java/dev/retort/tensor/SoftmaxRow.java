package dev.retort.tensor;

import java.util.Arrays;

/// The softmax of one row of logits after another. A row is read from memory once; afterwards its
/// exponentials, and mostly its logits, are in the second cache.
final class SoftmaxRow {

  private final FloatMatrix logits;
  private final float factor;
  private final FloatBlock math;

  /// By block, so that a loop needs one index for all arrays.
  private final float[][] exponentials;

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
    this.exponentials = new float[blocks][FloatBlock.SIZE];
  }

  /// Goes to row `index`.
  void moveTo(long index) {
    row = index;
    Arrays.fill(lanes, Float.NEGATIVE_INFINITY);
    for (int from = 0; from < logits.width(); from += FloatBlock.SIZE) {
      read(from, Float.NEGATIVE_INFINITY, block);
      FloatBlock.raise(lanes, block);
    }
    max = factor * FloatBlock.max(lanes);
    Arrays.fill(lanes, 0);
    for (int from = 0; from < logits.width(); from += FloatBlock.SIZE) {
      read(from, Float.NEGATIVE_INFINITY, block);
      float[] exponential = exponentials[from / FloatBlock.SIZE];
      math.exp(block, factor, -max, exponential);
      FloatBlock.add(lanes, exponential);
    }
    sum = FloatBlock.sum(lanes);
  }

  /// `log Σ exp(logits / temperature)` of this row.
  double logSumExp() {
    return max + Math.log(sum);
  }

  /// The probabilities of a block of outcomes. Those after the last outcome are next to 0.
  void probabilities(int from, float[] into) {
    FloatBlock.multiply(exponentials[from / FloatBlock.SIZE], (float) (1 / sum), into);
  }

  /// The log-probabilities of a block of outcomes; 0 after the last.
  void logProbabilities(int from, float[] into) {
    float offset = (float) -logSumExp();
    read(from, -offset / factor, into);
    FloatBlock.scale(into, factor, offset);
  }

  /// The logits of a block, continued with `rest`.
  private void read(int from, float rest, float[] into) {
    int count = logits.read(row, from, into);
    Arrays.fill(into, count, FloatBlock.SIZE, rest);
  }
}
