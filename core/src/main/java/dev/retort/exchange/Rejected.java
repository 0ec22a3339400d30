package dev.retort.exchange;

import dev.retort.data.Place;

/// A row that could not be taken.
///
/// @param place where it stands
/// @param reason what is wrong with it and what is allowed
public record Rejected(Place place, String reason) {

  /// The line a user reads: `log.jsonl:12: …`.
  @Override
  public String toString() {
    return place + ": " + reason;
  }
}
