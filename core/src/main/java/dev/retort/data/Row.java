package dev.retort.data;

import java.util.Optional;

/// One record of a file, reduced to the columns that the recipe names.
///
/// @param label the class as it is written, without surrounding white space; empty if there is none
/// @param route what decides which teacher answers, without surrounding white space, if asked for
/// @param rationale the reasons for the answer, if asked for
record Row(
    Place place,
    String text,
    Optional<String> pair,
    String label,
    Optional<String> route,
    Optional<String> rationale) {

  /// A row without reasons.
  Row(Place place, String text, Optional<String> pair, String label, Optional<String> route) {
    this(place, text, pair, label, route, Optional.empty());
  }

  /// The example with its class looked up; a class that `labels` does not know leaves it
  /// unlabelled.
  Example example(Labels labels) {
    return new Example(
        text, pair, labels.index(label).orElse(Example.UNLABELLED), place, route, rationale);
  }
}
