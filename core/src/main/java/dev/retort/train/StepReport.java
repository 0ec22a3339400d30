package dev.retort.train;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// One optimizer step.
///
/// @param phase what is trained
/// @param step its number, from 1
/// @param totalSteps steps of the whole run
/// @param epoch the epoch it is in, from 0
/// @param loss weighted sum of the mean losses
/// @param lossByTerm unweighted mean loss of each objective, in recipe order
/// @param learningRate that was used
/// @param gradientNorm joint norm of all gradients before clipping
/// @param tokens real tokens of the step, padding not counted
/// @param rollout what the student wrote itself to learn from, if it did
public record StepReport(
    String phase,
    long step,
    long totalSteps,
    int epoch,
    double loss,
    SequencedMap<String, Double> lossByTerm,
    double learningRate,
    double gradientNorm,
    long tokens,
    Optional<Rollout> rollout) {

  public StepReport {
    lossByTerm = new LinkedHashMap<>(lossByTerm);
  }
}
