package dev.retort.eval;

import dev.retort.runtime.Embedder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/// What an embedder said about scored pairs: how alike it finds the two texts of each.
///
/// @param cosines of the two vectors of each pair
/// @param scores how alike people found them
@SuppressWarnings("ArrayRecordComponent") // statistics are made from the arrays as they are
public record Similarities(double[] cosines, double[] scores) {

  public Similarities {
    if (cosines.length != scores.length || scores.length == 0) {
      throw new IllegalArgumentException(
          "%d cosines for %d scores; both must be there for each pair"
              .formatted(cosines.length, scores.length));
    }
  }

  /// The similarities of `vectors`: the first texts of all pairs, then the second ones.
  public static Similarities of(float[][] vectors, double[] scores) {
    double[] cosines =
        IntStream.range(0, scores.length)
            .mapToDouble(pair -> Embedder.cosine(vectors[pair], vectors[scores.length + pair]))
            .toArray();
    return new Similarities(cosines, scores);
  }

  /// Spearman's correlation of cosines and scores over all pairs.
  public double spearman() {
    return RankCorrelation.spearman(cosines, scores);
  }

  /// How well the order of the cosines is that of the scores.
  public Map<Metric, Measured> measurements(Bootstrap bootstrap) {
    return Map.of(Metric.SPEARMAN, bootstrap.percentile(scores.length, this::spearman));
  }

  /// What a student is measured by against its teacher on the same pairs: the share of the
  /// teacher's correlation that it keeps, and how alike the two find the pairs.
  public Map<Metric, Measured> against(Similarities teacher, Bootstrap bootstrap) {
    if (!Arrays.equals(scores, teacher.scores)) {
      throw new IllegalArgumentException("models are compared on the same pairs");
    }
    Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
    measurements.put(
        Metric.RETENTION,
        bootstrap.percentile(scores.length, pairs -> spearman(pairs) / teacher.spearman(pairs)));
    measurements.put(
        Metric.TEACHER_CORRELATION,
        bootstrap.percentile(
            scores.length,
            pairs ->
                RankCorrelation.spearman(chosen(cosines, pairs), chosen(teacher.cosines, pairs))));
    return measurements;
  }

  /// The correlation less another model's on the same pairs.
  public Measured difference(Similarities other, Bootstrap bootstrap) {
    return bootstrap.percentile(scores.length, pairs -> spearman(pairs) - other.spearman(pairs));
  }

  private double spearman(int[] pairs) {
    return RankCorrelation.spearman(chosen(cosines, pairs), chosen(scores, pairs));
  }

  private static double[] chosen(double[] values, int[] pairs) {
    return Arrays.stream(pairs).mapToDouble(pair -> values[pair]).toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Similarities that
        && Arrays.equals(cosines, that.cosines)
        && Arrays.equals(scores, that.scores);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(cosines) + Arrays.hashCode(scores);
  }

  @Override
  public String toString() {
    return "Similarities[" + scores.length + " pairs]";
  }
}
