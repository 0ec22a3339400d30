package dev.retort.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Pairs of texts, and how alike people found them: what an embedder is judged by.
///
/// @param texts the first texts of all pairs, then the second texts in the same order
/// @param scores a score for each pair; only their order counts
@SuppressWarnings("ArrayRecordComponent") // statistics are made from the array as it is
public record ScoredPairs(Dataset texts, double[] scores) {

  public ScoredPairs {
    if (texts.size() != 2 * scores.length) {
      throw new IllegalArgumentException(
          "%d texts for %d scores; a pair has two texts and a score"
              .formatted(texts.size(), scores.length));
    }
  }

  /// Pairs with their scores, as a split called `name`.
  static ScoredPairs of(String name, List<Example> pairs, double[] scores) {
    Stream<Example> seconds =
        pairs.stream().map(pair -> Example.ofText(pair.pair().orElseThrow(), pair.place()));
    Stream<Example> firsts = pairs.stream().map(pair -> Example.ofText(pair.text(), pair.place()));
    return new ScoredPairs(
        new Dataset(name, Stream.concat(firsts, seconds).toList(), Labels.of(List.of())), scores);
  }

  /// The number of pairs.
  public int size() {
    return scores.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoredPairs that
        && texts.equals(that.texts)
        && Arrays.equals(scores, that.scores);
  }

  @Override
  public int hashCode() {
    return 31 * texts.hashCode() + Arrays.hashCode(scores);
  }

  @Override
  public String toString() {
    return "ScoredPairs[" + texts.name() + ", " + size() + " pairs]";
  }
}
