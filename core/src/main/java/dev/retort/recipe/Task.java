package dev.retort.recipe;

import java.util.Locale;

/// What kind of answer the student is to give.
public enum Task {
  /// One of a fixed set of labels for a text or a pair of texts.
  CLASSIFICATION,
  /// A vector for a text, which is near those of texts that mean alike.
  EMBEDDING,
  /// The hidden tokens of a text: a smaller model of a language, to be fine-tuned later.
  MASKED_LM,
  /// The next token of a text.
  GENERATION;

  /// The name in a recipe, such as `masked-lm`.
  public String recipeName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
