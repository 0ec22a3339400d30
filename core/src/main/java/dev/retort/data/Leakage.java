package dev.retort.data;

/// What to do with examples that occur both in training and in held-out data.
public enum Leakage {
  /// Remove them from the training data (and from the validation data if they are in the test
  /// data), so that the test set stays as it is and results on it stay comparable.
  DROP,
  /// Keep them and say so.
  WARN,
  /// Stop.
  REFUSE
}
