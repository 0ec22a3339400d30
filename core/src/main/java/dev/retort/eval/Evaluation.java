package dev.retort.eval;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything measured about one model of a run.
///
/// `measurements` is the core, so that a task with other metrics needs no other type;
/// `classification` has the tables behind a classifier's numbers. The map iterates in the order of
/// [Metric].
public record Evaluation(
    String name,
    Kind kind,
    Map<Metric, Measured> measurements,
    Optional<ClassificationMetrics> classification) {

  /// The part that a model plays in a run.
  public enum Kind {
    TEACHER,
    STUDENT,
    /// The student's architecture, trained alike but without a teacher.
    BASELINE,
    /// The student after quantization or pruning.
    COMPRESSED
  }

  public Evaluation {
    measurements = ordered(measurements);
  }

  /// A model about which nothing is known yet; add with [#with(Map)].
  public static Evaluation of(String name, Kind kind) {
    return new Evaluation(name, kind, Map.of(), Optional.empty());
  }

  /// This evaluation with a classifier's quality on its test rows.
  public Evaluation withClassification(
      Predictions predictions, List<String> names, Bootstrap bootstrap) {
    Evaluation measured = with(ClassificationMetrics.intervals(predictions, bootstrap));
    ClassificationMetrics metrics = ClassificationMetrics.of(predictions, names);
    return new Evaluation(name, kind, measured.measurements, Optional.of(metrics));
  }

  /// This evaluation with more measurements, which replace those of the same metric.
  public Evaluation with(Map<Metric, Measured> more) {
    Map<Metric, Measured> joined = new EnumMap<>(Metric.class);
    joined.putAll(measurements);
    joined.putAll(more);
    return new Evaluation(name, kind, joined, classification);
  }

  /// This evaluation with one more measurement.
  public Evaluation with(Metric metric, Measured measured) {
    return with(Map.of(metric, measured));
  }

  /// The measurement of one metric, or empty when it was not taken.
  public Optional<Measured> measurement(Metric metric) {
    return Optional.ofNullable(measurements.get(metric));
  }

  private static Map<Metric, Measured> ordered(Map<Metric, Measured> measurements) {
    Map<Metric, Measured> ordered = new EnumMap<>(Metric.class);
    ordered.putAll(measurements);
    return Collections.unmodifiableMap(ordered);
  }
}
