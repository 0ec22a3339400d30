package dev.retort.report;

import java.util.List;

/// Which run it was.
///
/// @param name of its recipe
/// @param task of its recipe
/// @param data what it used
/// @param provenance where it came from
/// @param rounds of asking a teacher behind an API, where there were several
public record Run(
    String name, String task, DataSummary data, Provenance provenance, List<Round> rounds) {

  public Run {
    rounds = List.copyOf(rounds);
  }

  /// A run that was no series of rounds.
  public Run(String name, String task, DataSummary data, Provenance provenance) {
    this(name, task, data, provenance, List.of());
  }

  /// The same run after `some` rounds.
  public Run withRounds(List<Round> some) {
    return new Run(name, task, data, provenance, some);
  }
}
