package dev.retort.data;

import java.util.Optional;

/// One record of a file, reduced to the columns that the recipe names.
///
/// @param label the class as it is written, without surrounding white space; empty if there is none
/// @param route what decides which teacher answers, without surrounding white space, if asked for
/// @param rationale the reasons for the answer, if asked for
/// @param by who corrected the label, if somebody did
record Row(
    Place place,
    String text,
    Optional<String> pair,
    String label,
    Optional<String> route,
    Optional<String> rationale,
    Optional<String> by) {

  /// A row that nobody has corrected.
  Row(
      Place place,
      String text,
      Optional<String> pair,
      String label,
      Optional<String> route,
      Optional<String> rationale) {
    this(place, text, pair, label, route, rationale, Optional.empty());
  }

  /// A row without reasons.
  Row(Place place, String text, Optional<String> pair, String label, Optional<String> route) {
    this(place, text, pair, label, route, Optional.empty());
  }

  /// The example with its class looked up; a class that `labels` does not know leaves it
  /// unlabelled.
  Example example(Labels labels) {
    return new Example(
        text, pair, labels.index(label).orElse(Example.UNLABELLED), place, route, rationale, by);
  }

  /// The same row with the label that `who` gives it.
  Row corrected(String other, String who) {
    return new Row(place, text, pair, other, route, rationale, Optional.of(who));
  }
}
