package dev.retort.runtime;

import java.util.Random;

/// The weights of a [TinyOnnx] classifier, and the logits it must give, computed in plain Java.
///
/// @param vocabulary rows of the embedding, V
/// @param hidden width of the embedding, H
/// @param labels number of classes, C
/// @param segments whether the model reads `token_type_ids`
@SuppressWarnings("ArrayRecordComponent") // weights of a test, never compared
record TinyWeights(
    int vocabulary,
    int hidden,
    int labels,
    boolean segments,
    float[] embeddingVH,
    float[] segmentSH,
    float[] headHC,
    float[] biasC) {

  static TinyWeights random(int vocabulary, int labels, boolean segments) {
    int hidden = 8;
    Random random = new Random(7);
    return new TinyWeights(
        vocabulary,
        hidden,
        labels,
        segments,
        gaussian(random, vocabulary * hidden),
        gaussian(random, 2 * hidden),
        gaussian(random, hidden * labels),
        gaussian(random, labels));
  }

  private static float[] gaussian(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /// `mean(E[ids] + S[types]) · W + b`.
  float[] logits(Encoding encoding) {
    double[] meanH = new double[hidden];
    for (int position = 0; position < encoding.length(); position++) {
      for (int h = 0; h < hidden; h++) {
        double value = embeddingVH[encoding.ids()[position] * hidden + h];
        double segment = segments ? segmentSH[encoding.typeIds()[position] * hidden + h] : 0;
        meanH[h] += (value + segment) / encoding.length();
      }
    }
    float[] logits = new float[labels];
    for (int label = 0; label < labels; label++) {
      double sum = biasC[label];
      for (int h = 0; h < hidden; h++) {
        sum += meanH[h] * headHC[h * labels + label];
      }
      logits[label] = (float) sum;
    }
    return logits;
  }
}
