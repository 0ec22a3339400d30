package dev.retort.data;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Something worth knowing about the data.
///
/// @param severity whether a run can go on
/// @param place where it was found first; empty if it concerns no single file
/// @param message what was found, what is allowed and what to do
public record Finding(Severity severity, Optional<Place> place, String message) {

  /// How much a finding matters.
  public enum Severity {
    /// The data cannot be used as they are.
    ERROR,
    /// The run goes on, but its numbers may not mean what they seem to mean.
    WARNING,
    /// A fact about the data.
    INFO
  }

  private static final int PLACES_SHOWN = 5;

  /// A fact that concerns no single file.
  public static Finding note(String message) {
    return of(Severity.INFO, message);
  }

  static Finding error(Place place, String message) {
    return new Finding(Severity.ERROR, Optional.of(place), message);
  }

  static Finding of(Severity severity, String message) {
    return new Finding(severity, Optional.empty(), message);
  }

  public static Finding at(Severity severity, Collection<Place> places, String message) {
    return new Finding(severity, places.stream().findFirst(), message + list(places));
  }

  /// Whether the data cannot be used as they are.
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /// The line a user reads: `train.csv:12: error: …`.
  @Override
  public String toString() {
    String kind =
        switch (severity) {
          case ERROR -> "error: ";
          case WARNING -> "warning: ";
          case INFO -> "note: ";
        };
    return place.map(found -> found + ": ").orElse("") + kind + message;
  }

  /// `1 example`, `2 examples`.
  public static String count(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// The end of a message: the first places of many. A single one stands before the message.
  private static String list(Collection<Place> places) {
    if (places.size() < 2) {
      return "";
    }
    List<String> shown = places.stream().limit(PLACES_SHOWN).map(Place::toString).toList();
    int left = places.size() - shown.size();
    return shown.stream()
        .collect(Collectors.joining(", ", " (", left > 0 ? " and " + left + " more)" : ")"));
  }
}
