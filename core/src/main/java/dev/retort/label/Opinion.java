package dev.retort.label;

import java.util.Optional;

/// What one answer says about a text.
public sealed interface Opinion {

  /// The answer names a label.
  ///
  /// @param probabilities one for each label, which sum to 1
  /// @param label the one it names
  /// @param rationale why, if it says so
  @SuppressWarnings("ArrayRecordComponent") // read, never written
  record Heard(double[] probabilities, int label, Optional<String> rationale) implements Opinion {}

  /// The answer cannot be used.
  ///
  /// @param reason why, with what the answer said
  record Unusable(String reason) implements Opinion {}
}
