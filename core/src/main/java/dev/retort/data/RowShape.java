package dev.retort.data;

/// What a row of a data file is.
public enum RowShape {
  /// Columns that the recipe names: a text, perhaps a second one, a label.
  COLUMNS,
  /// A conversation in the fields that data sets use: `messages` of OpenAI, `conversations` of
  /// ShareGPT, `prompt` and `completion`, or Alpaca's `instruction`, `input` and `output`.
  CONVERSATIONS,
  /// Two answers of which one was preferred: `chosen` and `rejected`, each a text or a list of
  /// messages, after a `prompt` of either kind if there is one.
  PREFERENCES
}
