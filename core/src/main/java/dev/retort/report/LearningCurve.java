package dev.retort.report;

import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import java.util.List;
import java.util.Optional;

/// How one phase of training went, such as `teacher fine-tuning`: the training loss by optimizer
/// step, and a metric on the validation rows where there are any.
public record LearningCurve(
    String phase, Kind model, List<Point> loss, Optional<Validation> validation) {

  /// A value at the end of an optimizer step.
  public record Point(int step, double value) {}

  /// A metric on the validation rows by optimizer step.
  public record Validation(Metric metric, List<Point> points) {

    public Validation {
      points = List.copyOf(points);
    }
  }

  public LearningCurve {
    loss = List.copyOf(loss);
  }
}
