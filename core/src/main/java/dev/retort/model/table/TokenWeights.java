package dev.retort.model.table;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// How much a token counts in the vector of a text: less, the more often it occurs. Smooth inverse
/// frequency (Arora, Liang and Ma 2017, *A Simple but Tough-to-Beat Baseline for Sentence
/// Embeddings*):
///
/// ```
/// w(token) = a / (a + p(token))
/// ```
final class TokenWeights {

  private TokenWeights() {}

  /// Weights of `count` tokens of which it is only known that earlier ones are more frequent: by
  /// Zipf's law `p(r) ∝ 1/r`, with ranks from 2, as Model2Vec has it (Tulkens and van Dongen 2024).
  /// Vocabularies are ordered by frequency, more or less.
  static double[] ofRanks(int count, double a) {
    return ofShares(IntStream.range(0, count).mapToDouble(rank -> 1.0 / (rank + 2)), a);
  }

  /// Weights of tokens that were counted. One is added to each count (Laplace), so that a token
  /// that was not seen is not rarer than any other can be.
  static double[] ofCounts(long[] counts, double a) {
    return ofShares(LongStream.of(counts).mapToDouble(count -> count + 1.0), a);
  }

  private static double[] ofShares(DoubleStream shares, double a) {
    double[] all = shares.toArray();
    double sum = Arrays.stream(all).sum();
    return Arrays.stream(all).map(share -> a / (a + share / sum)).toArray();
  }
}
