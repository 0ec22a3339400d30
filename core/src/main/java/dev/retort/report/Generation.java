package dev.retort.report;

import dev.retort.eval.Evaluation.Kind;
import java.util.List;
import java.util.Optional;

/// A test prompt with what the data and what each model say next.
///
/// @param choice why it is shown
/// @param prompt what was continued
/// @param reference how the data go on
/// @param texts what the models wrote, in the order of the report's columns
public record Generation(Choice choice, String prompt, String reference, List<Text> texts) {

  /// Why a prompt is shown.
  public enum Choice {
    /// It is among the first.
    FIRST,
    /// The student's text is among those that are least like the data's.
    WORST
  }

  /// What one model wrote.
  ///
  /// @param model its name in the report
  /// @param kind its part in the run
  /// @param rougeL likeness to the data, from 0 to 1
  /// @param exact whether it gives the data's answer, where the data have answers
  /// @param ended whether the model ended it; otherwise it was cut off
  public record Text(
      String model,
      Kind kind,
      String text,
      double rougeL,
      Optional<Boolean> exact,
      boolean ended) {}

  public Generation {
    texts = List.copyOf(texts);
  }
}
