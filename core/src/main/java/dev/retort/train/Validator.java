package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.model.Network;

/// Scores a model on validation data.
///
/// @param <B> what the model computes
@FunctionalInterface
public interface Validator<B extends Batch> {

  /// The score of `model`, higher is better.
  double score(Network<B> model);
}
