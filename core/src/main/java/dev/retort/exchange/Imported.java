package dev.retort.exchange;

import java.util.List;

/// What a file holds: every row is in one of the lists.
///
/// @param format how it is written
/// @param records what could be read
/// @param rejected what could not
public record Imported(
    ExchangeFormat format, List<ExchangeRecord> records, List<Rejected> rejected) {

  public Imported {
    records = List.copyOf(records);
    rejected = List.copyOf(rejected);
  }
}
