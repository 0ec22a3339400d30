package dev.retort.data;

import dev.retort.catalog.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns the class names of rows into indices and reports those that are missing or unknown.
final class Labelling {
  private final Labels labels;
  private final boolean labelled;
  private final String owner;
  private final List<Finding> findings = new ArrayList<>();

  /// @param labelled whether the recipe names a label column
  /// @param owner whose classes these are, for messages
  Labelling(Labels labels, boolean labelled, String owner) {
    this.labels = labels;
    this.labelled = labelled;
    this.owner = owner;
  }

  /// The split of these rows. A training row may lack a class: it learns from the teacher alone.
  Dataset dataset(String name, List<Row> rows, boolean training) {
    if (labelled) {
      report(name, rows, training);
    }
    return new Dataset(name, rows.stream().map(row -> row.example(labels)).toList(), labels);
  }

  /// What was found so far.
  List<Finding> findings() {
    return List.copyOf(findings);
  }

  private void report(String name, List<Row> rows, boolean training) {
    Map<String, List<Place>> unknown = new LinkedHashMap<>();
    for (Row row : rows) {
      if (labels.index(row.label()).isEmpty()) {
        unknown.computeIfAbsent(row.label(), _ -> new ArrayList<>()).add(row.place());
      }
    }
    unknown.forEach((label, places) ->
        findings.add(
            label.isEmpty() ? missing(name, places, training) : unknown(name, label, places)));
  }

  private static Finding missing(String name, List<Place> places, boolean training) {
    String message = name + ": " + Finding.count(places.size(), "example") + " without a label";
    return training
        ? Finding.at(Finding.Severity.WARNING, places, message + ", to learn from the teacher only")
        : Finding.at(Finding.Severity.ERROR, places, message + "; held-out examples need one each");
  }

  private Finding unknown(String name, String label, List<Place> places) {
    return Finding.at(
        Finding.Severity.ERROR,
        places,
        "%s: label '%s' is not one of the %d classes of %s%s"
            .formatted(
                name, label, labels.size(), owner, Suggestion.suffix(label, labels.names())));
  }
}
