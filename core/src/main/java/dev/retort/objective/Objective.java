package dev.retort.objective;

import dev.retort.signal.Need;
import java.util.List;
import java.util.Set;

/// One way for a student to be wrong. A record that implements this is also its own section of a
/// recipe: its components are the settings.
///
/// Every objective yields a **sum** over what it counts, never a mean. The trainer alone divides,
/// once, by the total count of the whole optimizer step; so micro-batches, packing and data
/// parallelism cannot change the result.
///
/// To add one: write a record, name it in [Objectives], and let its test implement
/// `RowObjectiveContract`. Nothing else changes.
public sealed interface Objective
    permits RowObjective, FeatureObjective, EmbeddingObjective, SelfObjective, AnswerObjective {

  /// What this objective must hear from the teacher. Checked against what the teacher offers before
  /// any weights are read.
  Set<Need> needs();

  /// Why these two models cannot be compared, one sentence each; empty if they can. Asked before
  /// any weights are read.
  default List<String> problems(ModelShape teacher, ModelShape student) {
    return List.of();
  }

  /// This objective made ready for one pair of models: parts that are trained along, such as
  /// projections between two widths, are created here from `seed`.
  BoundObjective bind(ModelShape teacher, ModelShape student, long seed);
}
