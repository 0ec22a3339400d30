package dev.retort.report;

import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What was measured: the models in the order of the report's columns, paired differences between
/// them, the texts on which student and teacher differ most, worst first, and texts that models
/// wrote.
public record Results(
    List<Evaluation> evaluations,
    List<Comparison> comparisons,
    List<Disagreement> disagreements,
    List<Generation> generations) {

  public Results {
    evaluations = List.copyOf(evaluations);
    comparisons = List.copyOf(comparisons);
    disagreements = List.copyOf(disagreements);
    generations = List.copyOf(generations);
  }

  /// Results of models that write nothing.
  public Results(
      List<Evaluation> evaluations,
      List<Comparison> comparisons,
      List<Disagreement> disagreements) {
    this(evaluations, comparisons, disagreements, List.of());
  }

  /// The same, with more measurements of the model of this name.
  public Results with(String model, Map<Metric, Measured> measurements) {
    return new Results(
        evaluations.stream()
            .map(evaluation ->
                evaluation.name().equals(model) ? evaluation.with(measurements) : evaluation)
            .toList(),
        comparisons,
        disagreements,
        generations);
  }

  /// The same, with more differences between models.
  public Results comparing(List<Comparison> more) {
    return new Results(
        evaluations,
        Stream.concat(comparisons.stream(), more.stream()).toList(),
        disagreements,
        generations);
  }

  /// The same, with these texts instead.
  public Results showing(List<Generation> texts) {
    return new Results(evaluations, comparisons, disagreements, texts);
  }

  /// The first model of this kind, if there is one.
  public Optional<Evaluation> first(Kind kind) {
    return evaluations.stream().filter(evaluation -> evaluation.kind() == kind).findFirst();
  }

  /// One metric of the first model of this kind, if it was measured.
  public Optional<Measured> measurement(Kind kind, Metric metric) {
    return first(kind).flatMap(evaluation -> evaluation.measurement(metric));
  }

  /// The metrics that at least one model has, in the order of [Metric].
  public List<Metric> metrics() {
    return Arrays.stream(Metric.values())
        .filter(metric -> evaluations.stream().anyMatch(e -> e.measurement(metric).isPresent()))
        .toList();
  }

  /// The metric that stands for quality in charts: the rank correlation of an embedder, or the
  /// first share that was measured.
  public Optional<Metric> quality() {
    return metrics().stream()
        .filter(metric -> metric == Metric.SPEARMAN || metric.unit() == Unit.SHARE)
        .findFirst();
  }
}
