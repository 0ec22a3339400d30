package dev.retort.synthesis;

import java.util.Map;
import java.util.Set;

/// One step of a synthesis: it takes the rows of the step before it, and gives rows to the next.
public sealed interface Step permits AskingStep, FilterStep {

  /// The columns that its rows must have, by the setting that names each.
  Map<String, String> reads();

  /// The columns that its rows have more than those it was given.
  Set<String> adds();

  /// Whether its rows are those that it was given, with all their columns, rather than new ones.
  default boolean keepsColumns() {
    return true;
  }

  /// Whether there must be rows for it to work on.
  default boolean needsRows() {
    return true;
  }
}
