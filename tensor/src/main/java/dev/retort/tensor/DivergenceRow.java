package dev.retort.tensor;

import java.util.Arrays;

/// The divergence of one row after another, and its gradient, which overwrites the student's
/// logits.
final class DivergenceRow {

  private final FloatMatrix logits;
  private final SoftmaxRow student;
  private final SoftmaxRow teacher;
  private final float temperature;
  private final ArrayDivergence divergence;
  private final OutcomeBlock block;
  private final float[] sumOfTerms = new float[FloatBlock.SIZE];
  private final float[] sumOfWeighted = new float[FloatBlock.SIZE];

  /// One side of the comparison.
  record Side(FloatMatrix logits, double temperature) {
    static Side of(SoftLogits logits) {
      return new Side(FloatMatrix.of(logits.logitsNV()), logits.temperature());
    }
  }

  DivergenceRow(Side student, Side teacher, ArrayDivergence divergence) {
    FloatBlock math = new FloatBlock();
    this.logits = student.logits();
    this.student = new SoftmaxRow(logits, student.temperature(), math);
    this.teacher = new SoftmaxRow(teacher.logits(), teacher.temperature(), math);
    this.temperature = (float) student.temperature();
    this.divergence = divergence;
    this.block = new OutcomeBlock(math);
  }

  /// The divergence of row `row`.
  double gradientInPlace(long row) {
    teacher.moveTo(row);
    student.moveTo(row);
    Arrays.fill(sumOfTerms, 0);
    Arrays.fill(sumOfWeighted, 0);
    for (int from = 0; from < logits.width(); from += FloatBlock.SIZE) {
      compare(row, from);
    }
    float total = (float) FloatBlock.sum(sumOfWeighted);
    for (int from = 0; from < logits.width(); from += FloatBlock.SIZE) {
      center(row, from, total);
    }
    return FloatBlock.sum(sumOfTerms);
  }

  /// Leaves `h` where the logits were.
  private void compare(long row, int from) {
    teacher.probabilities(from, block.p());
    student.probabilities(from, block.q());
    teacher.logProbabilities(from, block.logP());
    student.logProbabilities(from, block.logQ());
    divergence.compare(block);
    FloatBlock.add(sumOfTerms, block.terms());
    FloatBlock.add(sumOfWeighted, block.weighted());
    logits.write(row, from, block.weighted());
  }

  /// Leaves `T · (h − q · Σh)` where `h` was.
  private void center(long row, int from, float total) {
    logits.read(row, from, block.weighted());
    student.probabilities(from, block.q());
    gradient(block.weighted(), block.q(), temperature, total);
    logits.write(row, from, block.weighted());
  }

  private static void gradient(float[] weighted, float[] q, float temperature, float total) {
    for (int i = 0; i < FloatBlock.SIZE; i++) {
      weighted[i] = temperature * Math.fma(-total, q[i], weighted[i]);
    }
  }
}
