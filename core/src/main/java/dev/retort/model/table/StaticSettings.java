package dev.retort.model.table;

import dev.retort.model.Precision;
import java.util.Arrays;

/// How a table of token vectors is distilled.
///
/// @param dimensions numbers of a vector
/// @param smoothing the `a` of the weights `a / (a + p)`; the smaller, the less frequent tokens
///   count
/// @param frequencies where the `p` of a token comes from
/// @param precision number format of the teacher's matrix products
public record StaticSettings(
    int dimensions, double smoothing, Frequencies frequencies, Precision precision) {

  /// Where the frequency of a token comes from.
  public sealed interface Frequencies {

    /// The order of the vocabulary, by Zipf's law.
    record OfVocabulary() implements Frequencies {}

    /// Counts in texts of the user's, which need no labels.
    ///
    /// @param byId how often each token occurs, by its id
    @SuppressWarnings("ArrayRecordComponent") // a vocabulary's worth of numbers, not changed
    record Counted(long[] byId) implements Frequencies {}
  }

  public StaticSettings {
    if (dimensions < 1 || !(smoothing > 0) || smoothing >= 1) {
      throw new IllegalArgumentException(
          "dimensions: %d must be at least 1, and smoothing: %s between 0 and 1"
              .formatted(dimensions, smoothing));
    }
  }

  /// What Model2Vec is used with: 256 dimensions, `a = 10⁻⁴`, frequencies by Zipf's law.
  public static StaticSettings defaults() {
    return new StaticSettings(256, 1e-4, new Frequencies.OfVocabulary(), Precision.BF16);
  }

  /// The weights of the tokens `ids`.
  double[] weights(int[] ids) {
    return switch (frequencies) {
      case Frequencies.OfVocabulary() -> TokenWeights.ofRanks(ids.length, smoothing);
      case Frequencies.Counted(long[] byId) ->
          TokenWeights.ofCounts(
              Arrays.stream(ids).mapToLong(id -> id < byId.length ? byId[id] : 0).toArray(),
              smoothing);
    };
  }
}
