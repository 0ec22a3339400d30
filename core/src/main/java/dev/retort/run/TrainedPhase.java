package dev.retort.run;

import dev.retort.train.EpochScore;
import dev.retort.train.Rollout;
import java.util.List;
import java.util.Optional;

/// How a finished training phase went, as it is kept beside its weights.
///
/// @param phase what was trained
/// @param steps optimizer steps made
/// @param seconds time spent training, over all interruptions
/// @param tokens real tokens trained on
/// @param losses loss by step, at most a few hundred points
/// @param scores validation scores by epoch
/// @param rollout what the student wrote itself to learn from, if it did
public record TrainedPhase(
    String phase,
    long steps,
    double seconds,
    long tokens,
    List<LossPoint> losses,
    List<EpochScore> scores,
    Optional<Rollout> rollout) {

  /// The loss after a step.
  ///
  /// @param step number of the step, from 1
  /// @param loss weighted sum of the mean losses
  public record LossPoint(long step, double loss) {}

  public TrainedPhase {
    losses = List.copyOf(losses);
    scores = List.copyOf(scores);
  }
}
