package dev.retort.train;

import dev.retort.model.Parameters;
import dev.retort.tensor.Tensor;
import java.util.SequencedMap;

/// All tensors that the rest of a run depends on.
///
/// @param student the weights being trained
/// @param losses with the tensors that are trained along
/// @param optimizer with both moments
/// @param averages the student's moving averages
/// @param best the weights of the best epoch
/// @param rollouts with what the student made for itself
record TrainState(
    Parameters student,
    Losses losses,
    Optimizer optimizer,
    MovingAverages<?> averages,
    BestWeights best,
    Rollouts<?> rollouts) {

  /// The trained tensors, those of the losses included.
  SequencedMap<String, Tensor> trained() {
    SequencedMap<String, Tensor> all = student.byName();
    all.putAll(losses.parameters());
    return all;
  }

  /// What the next step depends on besides the trained tensors.
  SequencedMap<String, Tensor> memory() {
    SequencedMap<String, Tensor> all = optimizer.state();
    all.putAll(averages.state());
    return all;
  }
}
