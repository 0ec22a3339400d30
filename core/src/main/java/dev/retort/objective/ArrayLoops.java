package dev.retort.objective;

import dev.retort.tensor.OutcomeBlock;

/// The divergences as loops over a block of outcomes. Arrays are parameters so that the compiler
/// knows them not to change within a loop.
final class ArrayLoops {

  private static final int SIZE = OutcomeBlock.SIZE;

  private ArrayLoops() {}

  static void forward(OutcomeBlock block) {
    weighDifference(block.p(), block.logP(), block.logQ(), block.terms());
    multiply(block.p(), -1, block.weighted());
  }

  static void reverse(OutcomeBlock block) {
    weighDifference(block.q(), block.logQ(), block.logP(), block.terms());
    add(block.terms(), block.q(), block.weighted());
  }

  static void jensenShannon(OutcomeBlock block, double beta) {
    float[] logM = block.logMixture(beta);
    weighDifference(block.q(), block.logQ(), logM, block.weighted());
    multiply(block.weighted(), (float) (1 - beta), block.weighted());
    weighDifference(block.p(), block.logP(), logM, block.terms());
    multiply(block.terms(), (float) beta, block.terms());
    add(block.terms(), block.weighted(), block.terms());
  }

  static void skew(OutcomeBlock block, double alpha) {
    weighDifference(block.p(), block.logP(), block.logMixture(alpha), block.terms());
    skewed(block.p(), block.q(), (float) alpha, block.weighted());
  }

  /// `−(1 − α) · q · p/m`, with the quotient first, which is at most `1/α`.
  private static void skewed(float[] p, float[] q, float alpha, float[] weighted) {
    for (int i = 0; i < SIZE; i++) {
      weighted[i] = (alpha - 1) * q[i] * (p[i] / Math.fma(alpha, p[i] - q[i], q[i]));
    }
  }

  static void skewReverse(OutcomeBlock block, double alpha) {
    weighDifference(block.q(), block.logQ(), block.logMixture(1 - alpha), block.terms());
    skewedReverse(block.terms(), block.p(), block.q(), (float) alpha, block.weighted());
  }

  /// `q · log(q/m) + q · (1 − α · q/m)`.
  private static void skewedReverse(
      float[] terms, float[] p, float[] q, float alpha, float[] weighted) {
    for (int i = 0; i < SIZE; i++) {
      float ratio = q[i] / Math.fma(alpha, q[i] - p[i], p[i]);
      weighted[i] = Math.fma(q[i], 1 - alpha * ratio, terms[i]);
    }
  }

  static void totalVariation(OutcomeBlock block) {
    halfGap(block.p(), block.q(), block.terms());
    halfSigned(block.p(), block.q(), block.weighted());
  }

  private static void halfGap(float[] p, float[] q, float[] terms) {
    for (int i = 0; i < SIZE; i++) {
      terms[i] = 0.5f * Math.abs(p[i] - q[i]);
    }
  }

  private static void halfSigned(float[] p, float[] q, float[] weighted) {
    for (int i = 0; i < SIZE; i++) {
      weighted[i] = 0.5f * q[i] * Math.signum(q[i] - p[i]);
    }
  }

  /// `terms = weight · (a − b)`.
  private static void weighDifference(float[] weight, float[] a, float[] b, float[] terms) {
    for (int i = 0; i < SIZE; i++) {
      terms[i] = weight[i] * (a[i] - b[i]);
    }
  }

  private static void multiply(float[] x, float factor, float[] result) {
    for (int i = 0; i < SIZE; i++) {
      result[i] = x[i] * factor;
    }
  }

  private static void add(float[] a, float[] b, float[] sum) {
    for (int i = 0; i < SIZE; i++) {
      sum[i] = a[i] + b[i];
    }
  }
}
