package dev.retort.train;

import java.util.List;

/// The student's score on the validation data after an epoch.
///
/// @param phase what is trained
/// @param epoch the epoch that has ended, from 0
/// @param step optimizer steps made so far
/// @param score higher is better: retention of the teacher's accuracy, or accuracy without one
/// @param history the scores of all epochs so far, this one last
public record Validation(
    String phase, int epoch, long step, double score, List<EpochScore> history) {

  public Validation {
    history = List.copyOf(history);
  }

  /// Whether this score is above all before it.
  public boolean best() {
    return history.stream().limit(history.size() - 1L).allMatch(past -> past.score() < score);
  }
}
