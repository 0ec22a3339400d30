package dev.retort.gguf;

/// The scale *s* of a group for which *s* (*q* − 32) comes nearest to its weights, found as in
/// ggml: several scales are tried for the levels *q*, and for each the best *s* is that of linear
/// regression in which weights count by their squares.
///
/// @param scale *s*, of either sign
/// @param levels *q* of every weight, from 0 to 63
@SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
record ScaleFit(float scale, int[] levels) {

  static final int SIZE = 16;

  /// Half as many levels as there are.
  static final int LEVELS = 32;

  /// Weights that are nearer to 0 than this are taken for 0.
  static final float NOTHING = 1e-15f;

  /// Scales are tried from 9 steps below to 9 above the plain one, each a tenth of a level.
  private static final int STEPS = 9;

  /// Fits the 16 weights from `from` on.
  static ScaleFit of(float[] values, int from) {
    float farthest = 0;
    for (int j = 0; j < SIZE; j++) {
      if (Math.abs(values[from + j]) > Math.abs(farthest)) {
        farthest = values[from + j];
      }
    }
    if (Math.abs(farthest) < NOTHING) {
      return new ScaleFit(0, new int[SIZE]);
    }
    Trial best = Trial.of(values, from, -LEVELS / farthest);
    float scale = best.squares() == 0 ? 0 : best.products() / best.squares();
    float gain = scale * best.products();
    for (int step = -STEPS; step <= STEPS; step++) {
      Trial trial = Trial.of(values, from, -(LEVELS + 0.1f * step) / farthest);
      if (step != 0
          && trial.squares() > 0
          && trial.products() * trial.products() > gain * trial.squares()) {
        best = trial;
        scale = trial.products() / trial.squares();
        gain = scale * trial.products();
      }
    }
    return new ScaleFit(scale, best.levels());
  }

  /// The level of a weight that was divided by its scale.
  static int level(float scaled) {
    return Math.clamp(NearestInt.of(scaled), -LEVELS, LEVELS - 1) + LEVELS;
  }

  /// The levels for one scale.
  ///
  /// @param products Σ *w x l*, where *w* = *x²* is a weight's importance and *l* = *q* − 32
  /// @param squares Σ *w l²*
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Trial(int[] levels, float products, float squares) {

    static Trial of(float[] values, int from, float inverse) {
      int[] levels = new int[SIZE];
      float products = 0;
      float squares = 0;
      for (int j = 0; j < SIZE; j++) {
        float x = values[from + j];
        levels[j] = level(inverse * x);
        int signed = levels[j] - LEVELS;
        float importance = x * x;
        products += importance * x * signed;
        squares += importance * signed * signed;
      }
      return new Trial(levels, products, squares);
    }
  }
}
