package dev.retort.eval;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// How well texts that a model wrote match those of the data, text by text.
///
/// @param rougeL of each text, see [RougeL]
/// @param exact whether each text gives the answer of the data, see [ExactMatch]; absent where data
///   have no answers
public record TextScores(List<Double> rougeL, Optional<List<Boolean>> exact) {

  public TextScores {
    rougeL = List.copyOf(rougeL);
    exact = exact.map(List::copyOf);
  }

  /// Scores `texts` against `references`, as many of them.
  ///
  /// @param answers whether the references are answers, which a text may match exactly
  public static TextScores of(List<String> references, List<String> texts, boolean answers) {
    if (references.size() != texts.size() || texts.isEmpty()) {
      throw new IllegalArgumentException(
          "there must be as many texts as references, and at least one, but are %d and %d"
              .formatted(texts.size(), references.size()));
    }
    IntStream rows = IntStream.range(0, texts.size());
    List<Double> rougeL =
        rows.mapToObj(row -> RougeL.fMeasure(references.get(row), texts.get(row))).toList();
    return new TextScores(
        rougeL, answers ? Optional.of(exact(references, texts)) : Optional.empty());
  }

  private static List<Boolean> exact(List<String> references, List<String> texts) {
    return IntStream.range(0, texts.size())
        .mapToObj(row -> ExactMatch.matches(references.get(row), texts.get(row)))
        .toList();
  }

  /// The mean ROUGE-L with its bootstrap interval, and the share of exact matches with Wilson's.
  public Map<Metric, Measured> measurements(Bootstrap bootstrap) {
    Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
    measurements.put(Metric.ROUGE_L, bootstrap.mean(rougeLs()));
    exact.ifPresent(matches ->
        measurements.put(
            Metric.EXACT_MATCH,
            Measured.share(Collections.frequency(matches, true), matches.size())));
    return measurements;
  }

  /// These means less those of `other`, a model that continued the same prompts, with paired
  /// intervals.
  public Map<Metric, Measured> minus(TextScores other, Bootstrap bootstrap) {
    Map<Metric, Measured> differences = new EnumMap<>(Metric.class);
    differences.put(Metric.ROUGE_L, bootstrap.meanDifference(rougeLs(), other.rougeLs()));
    if (exact.isPresent() && other.exact.isPresent()) {
      differences.put(
          Metric.EXACT_MATCH,
          outcomes(exact.get(), other.exact.get()).accuracyDifference(bootstrap));
    }
    return differences;
  }

  private static PairedOutcomes outcomes(List<Boolean> first, List<Boolean> second) {
    int[] outcomes = new int[4];
    for (int row = 0; row < first.size(); row++) {
      outcomes[(first.get(row) ? 0 : 2) + (second.get(row) ? 0 : 1)]++;
    }
    return new PairedOutcomes(
        outcomes[0], outcomes[1], outcomes[2], outcomes[3], outcomes[0] + outcomes[3]);
  }

  private double[] rougeLs() {
    return rougeL.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
