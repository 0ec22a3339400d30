package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Reads files with all their columns.
public final class DataRows {

  private DataRows() {}

  /// The rows of CSV, TSV, JSONL, Parquet and plain text files; the one column of a plain text file
  /// is called `text`.
  ///
  /// @param folder what relative paths start from
  /// @param setting what names the files, for messages
  /// @param pattern a path or glob
  /// @throws DataException with all problems of all files
  public static List<DataRow> read(Path folder, String setting, String pattern) throws IOException {
    List<Finding> problems = new ArrayList<>();
    List<DataRow> rows = new ArrayList<>();
    try (DataReader reader = DataReader.ofTables(folder)) {
      for (Row row : reader.read(setting, pattern, problems)) {
        rows.add(DataRow.of(row.place().toString(), JsonMapper.shared().readTree(row.text())));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return rows;
  }
}
