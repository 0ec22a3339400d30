package dev.retort.recipe;

/// Which of its epochs a trained model is taken from.
public enum Keep {
  /// The epoch with the best score on the validation data: right where training may overfit, at the
  /// price of believing a score that is measured on few rows.
  BEST,
  /// The last epoch: right where the learning rate falls to 0, which makes the last weights an
  /// average of many.
  LAST
}
