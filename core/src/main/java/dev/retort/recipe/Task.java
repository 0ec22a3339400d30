package dev.retort.recipe;

/// What kind of answer the student is to give.
public enum Task {
  /// One of a fixed set of labels for a text or a pair of texts.
  CLASSIFICATION,
  /// A vector for a text, which is near those of texts that mean alike.
  EMBEDDING
}
