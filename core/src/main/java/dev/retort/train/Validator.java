package dev.retort.train;

import dev.retort.model.TextClassifier;

/// Scores a model on validation data.
@FunctionalInterface
public interface Validator {

  /// The score of `model`, higher is better.
  double score(TextClassifier model);
}
