package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The `seeds:` section of a synthesis: the rows that the first step works on.
///
/// @param file where they are
/// @param columns names that steps use for columns of the file
/// @param limit how many rows are used at most
public record SeedSettings(
    @Doc(
            "Rows that the first step works on: a path or glob of CSV, TSV, JSONL, Parquet or .txt"
                + " (a text a line, column `text`), relative to the synthesis file.")
        String file,
    @Default("{}")
        @Doc("New names for columns of the file, as in `prompt: question`; the others keep theirs.")
        Map<String, String> columns,
    @Doc("How many of the rows are used at most, from the first; all if left out.")
        Optional<Integer> limit) {

  public SeedSettings {
    columns = new LinkedHashMap<>(columns);
    Check.notBlank("file", file);
    limit.ifPresent(most -> Check.atLeast("limit", most, 1));
  }
}
