package dev.retort.synthesis;

import dev.retort.data.DataRow;
import java.util.List;

/// A step that asks a model.
public sealed interface AskingStep extends Step
    permits AnswerStep,
        RationaleStep,
        SelfInstructStep,
        AttributedStep,
        EvolveStep,
        ParaphraseStep,
        CritiqueStep,
        JudgeStep,
        PreferenceStep {

  /// What is to be found out, one inquiry for each row that the step asks about or makes.
  ///
  /// @param rows what the step before has made, or the seeds
  /// @param seed of what is drawn
  List<Inquiry> inquiries(List<DataRow> rows, long seed);

  /// The most that can come of `rows` rows.
  Most most(long rows);

  /// How its answers are drawn.
  Sampling sampling();

  /// Bounds of what a step does.
  ///
  /// @param requests that it sends at most
  /// @param rows that it makes at most
  record Most(long requests, long rows) {}
}
