package dev.retort.gguf;

/// The scale *s* and least weight −*m* of a group for which *s q* − *m* comes nearest to its
/// weights, found as in ggml: several scales are tried for the levels *q*, and for each the best
/// *s* and *m* are those of weighted linear regression. A try begins at the least weight that was
/// best so far. Weights that are far from 0 count more.
///
/// @param scale *s*, at least 0
/// @param least *m*, at least 0
/// @param levels *q* of every weight
@SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
record LeastScaleFit(float scale, float least, int[] levels) {

  private static final int SIZE = SuperBlockCodec.GROUP;

  /// Fits the 32 weights from `from` on by levels of `bits` bits.
  static LeastScaleFit of(float[] values, int from, int bits) {
    return new Search(values, from, importance(values, from), (1 << bits) - 1)
        .best(bits == 4 ? -1f : -0.5f, bits == 4 ? 20 : 15);
  }

  private static float[] importance(float[] values, int from) {
    float squares = 0;
    for (int j = 0; j < SIZE; j++) {
      squares += values[from + j] * values[from + j];
    }
    float mean = (float) Math.sqrt(squares / SIZE);
    float[] importance = new float[SIZE];
    for (int j = 0; j < SIZE; j++) {
      importance[j] = mean + Math.abs(values[from + j]);
    }
    return importance;
  }

  /// The search for one group.
  ///
  /// @param most the highest level
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Search(float[] values, int from, float[] importance, int most) {

    /// @param first how much the first scale tried lies below the range over the highest level
    /// @param steps how many further ones are tried, each 0.1 levels above the one before
    LeastScaleFit best(float first, int steps) {
      float least = values[from];
      float greatest = values[from];
      for (int j = 1; j < SIZE; j++) {
        least = Math.min(least, values[from + j]);
        greatest = Math.max(greatest, values[from + j]);
      }
      least = Math.min(least, 0);
      if (greatest == least) {
        return new LeastScaleFit(0, -least, new int[SIZE]);
      }
      float inverse = most / (greatest - least);
      LeastScaleFit best = new LeastScaleFit(1 / inverse, least, levels(inverse, least));
      float bestError = error(best);
      for (int step = 0; step <= steps; step++) {
        float tried = (first + 0.1f * step + most) / (greatest - best.least);
        LeastScaleFit fit = regression(levels(tried, best.least), best);
        float error = error(fit);
        if (error < bestError) {
          best = fit;
          bestError = error;
        }
      }
      return new LeastScaleFit(best.scale, -best.least, best.levels);
    }

    private int[] levels(float inverse, float least) {
      int[] levels = new int[SIZE];
      for (int j = 0; j < SIZE; j++) {
        levels[j] = Math.clamp(NearestInt.of(inverse * (values[from + j] - least)), 0, most);
      }
      return levels;
    }

    /// The best scale and least for these levels, or `otherwise` where the levels are all alike.
    private LeastScaleFit regression(int[] levels, LeastScaleFit otherwise) {
      float sum = 0;
      float sumX = 0;
      float sumL = 0;
      float sumLL = 0;
      float sumXL = 0;
      for (int j = 0; j < SIZE; j++) {
        float weight = importance[j];
        float x = values[from + j];
        sum += weight;
        sumX += weight * x;
        sumL += weight * levels[j];
        sumLL += weight * levels[j] * levels[j];
        sumXL += weight * levels[j] * x;
      }
      float determinant = sum * sumLL - sumL * sumL;
      if (determinant <= 0) {
        return otherwise;
      }
      float least = (sumLL * sumX - sumL * sumXL) / determinant;
      return least > 0
          ? new LeastScaleFit(sumXL / sumLL, 0, levels)
          : new LeastScaleFit((sum * sumXL - sumX * sumL) / determinant, least, levels);
    }

    private float error(LeastScaleFit fit) {
      float error = 0;
      for (int j = 0; j < SIZE; j++) {
        float difference = fit.scale * fit.levels[j] + fit.least - values[from + j];
        error += importance[j] * (difference * difference);
      }
      return error;
    }
  }
}
