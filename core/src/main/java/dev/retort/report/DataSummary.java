package dev.retort.report;

import java.util.List;
import java.util.Optional;

/// The rows a run used, how evenly they fall into classes, and what looked odd about them.
public record DataSummary(List<Split> splits, Optional<Balance> balance, List<String> warnings) {

  /// A part of the data, such as `train`, with the SHA-256 of its content in hexadecimal.
  public record Split(String name, long rows, String sha256) {}

  /// The number of classes, and the rows of the smallest and the largest in the training split.
  public record Balance(int classes, long smallest, long largest) {}

  public DataSummary {
    splits = List.copyOf(splits);
    warnings = List.copyOf(warnings);
  }
}
