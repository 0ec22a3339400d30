package dev.retort.synthesis;

import dev.retort.catalog.Location;
import dev.retort.catalog.Problem;
import dev.retort.catalog.RecipeException;
import dev.retort.catalog.Suggestion;
import dev.retort.data.DataRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// Finds steps that read columns which no step before them makes, before anything is paid for.
public final class ColumnChecks {

  private ColumnChecks() {}

  /// Refuses a synthesis whose steps read columns that are not there.
  ///
  /// @param source name of the synthesis file
  /// @param seeds the rows that the first step works on
  /// @throws RecipeException with all columns that are missing
  public static void require(String source, Synthesis synthesis, List<DataRow> seeds) {
    SequencedSet<String> columns = new LinkedHashSet<>();
    seeds.forEach(row -> columns.addAll(row.fields().keySet()));
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < synthesis.steps().size(); i++) {
      Step step = synthesis.steps().get(i);
      for (Map.Entry<String, String> read : step.reads().entrySet()) {
        if (!columns.contains(read.getValue())) {
          problems.add(
              new Problem(
                  "steps[%d].%s".formatted(i, read.getKey()),
                  new Location.Nowhere(),
                  missing(read.getValue(), columns)));
        }
      }
      if (!step.keepsColumns()) {
        columns.clear();
      }
      columns.addAll(step.adds());
    }
    if (!problems.isEmpty()) {
      throw new RecipeException(source, problems);
    }
  }

  private static String missing(String column, SequencedSet<String> columns) {
    return "there is no column '%s' here; there are %s%s"
        .formatted(column, columns, Suggestion.suffix(column, columns));
  }
}
