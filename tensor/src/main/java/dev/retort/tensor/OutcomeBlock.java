package dev.retort.tensor;

/// What teacher (`p`) and student (`q`) say about [#SIZE] outcomes of one row. The arrays are the
/// same for every block of a row.
public final class OutcomeBlock {

  /// How many outcomes a block has, and how long all its arrays are.
  public static final int SIZE = FloatBlock.SIZE;

  private final FloatBlock math;
  private final float[] p = new float[SIZE];
  private final float[] q = new float[SIZE];
  private final float[] logP = new float[SIZE];
  private final float[] logQ = new float[SIZE];
  private final float[] logM = new float[SIZE];
  private final float[] terms = new float[SIZE];
  private final float[] weighted = new float[SIZE];

  OutcomeBlock(FloatBlock math) {
    this.math = math;
  }

  /// The teacher's probabilities, above 0.
  public float[] p() {
    return p;
  }

  /// The student's probabilities, above 0.
  public float[] q() {
    return q;
  }

  /// The teacher's log-probabilities.
  public float[] logP() {
    return logP;
  }

  /// The student's log-probabilities.
  public float[] logQ() {
    return logQ;
  }

  /// To be filled: terms whose sum over all outcomes is the divergence.
  public float[] terms() {
    return terms;
  }

  /// To be filled: `q · ∂D/∂q`.
  public float[] weighted() {
    return weighted;
  }

  /// `log(share · p + (1 − share) · q)`; the share is above 0 and below 1.
  public float[] logMixture(double share) {
    relativeMixtures((float) share, p, q, logM);
    math.log(logM, logM);
    addGreater(logM, logP, logQ);
    return logM;
  }

  /// The mixture over the greater of its parts: a number near 1, of whose logarithm no digits are
  /// lost.
  private static void relativeMixtures(float share, float[] p, float[] q, float[] mixture) {
    for (int i = 0; i < SIZE; i++) {
      mixture[i] = Math.fma(share, p[i] - q[i], q[i]) / Math.max(p[i], q[i]);
    }
  }

  private static void addGreater(float[] sum, float[] a, float[] b) {
    for (int i = 0; i < SIZE; i++) {
      sum[i] += Math.max(a[i], b[i]);
    }
  }
}
