package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads one CSV or TSV file.
///
/// Every field is text, so a label `01` stays `01`. DuckDB's guessing of the dialect is off: what
/// the file means follows from its name and the recipe alone. UTF-8, with or without byte order
/// mark; any one kind of line ending; fields in quotes may hold line breaks of any kind.
///
/// @param separator what stands between fields
/// @param quotes whether `"` encloses fields
record DelimitedFile(DuckDb db, Path file, char separator, Quotes quotes) {
  private static final int MOST_COLUMNS = 512;
  private static final String MIXED_ENDINGS =
      "ends with another line break than the first line; use \\n or \\r\\n throughout the file";
  private static final String INCONSISTENT = "state machine reached an invalid state";

  List<Row> read(Columns columns) throws IOException {
    try {
      List<String> first = firstRecord();
      List<String> names = columns.namesIn(first);
      Columns present = columns.whole() ? columns : columns.in(file, names);
      List<Row> rows = records(present, names, names.equals(first));
      requireNone(rejects());
      return rows;
    } catch (SQLException e) {
      throw new DataException(unreadable(e), e);
    }
  }

  /// The fields of the first record; what the padding adds to it is null. The marker of nulls is a
  /// control character, so that empty fields stay empty.
  private List<String> firstRecord() throws SQLException, IOException {
    TextLines.requireUtf8FirstLine(file);
    String options = "header = false, null_padding = true, parallel = false, nullstr = chr(1)";
    String sql = "SELECT * FROM " + table(MOST_COLUMNS, options) + " LIMIT 1";
    List<List<String>> records = db.query(sql, DelimitedFile::fields);
    List<Finding> rejects = rejects();
    if (records.isEmpty()) {
      requireNone(rejects);
      throw new DataException(List.of(Finding.error(Place.of(file), "is empty")));
    }
    return records.getFirst();
  }

  private static List<String> fields(ResultSet row) throws SQLException {
    List<String> fields = new ArrayList<>();
    for (int column = 1; column <= MOST_COLUMNS; column++) {
      String field = row.getString(column);
      if (field == null) {
        break;
      }
      fields.add(field);
    }
    return fields;
  }

  private List<Row> records(Columns columns, List<String> names, boolean header)
      throws SQLException, IOException {
    int count = names.size();
    String all = IntStream.range(0, count).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    String breaks = "len(regexp_extract_all(concat_ws('|', " + all + "), '\\r\\n|\\r|\\n'))";
    String sql = "SELECT *, " + breaks + " FROM " + table(count, "header = " + header);
    try (RecordLines lines = RecordLines.open(file, count > 1)) {
      if (header) {
        lines.next(0);
      }
      return db.query(sql, row -> row(row, columns, names, lines.next(row.getInt(count + 1))));
    }
  }

  private Row row(ResultSet row, Columns columns, List<String> names, long line)
      throws SQLException {
    if (columns.whole()) {
      return new Row(
          new Place(file, line), object(row, names), Optional.empty(), "", Optional.empty());
    }
    String text = field(row, names, columns.text());
    Optional<String> pair = Optional.empty();
    if (columns.pair().isPresent()) {
      pair = Optional.of(field(row, names, columns.pair().get()));
    }
    String label = "";
    if (columns.label().isPresent()) {
      label = field(row, names, columns.label().get()).strip();
    }
    Optional<String> route = Optional.empty();
    if (columns.route().isPresent()) {
      route = Optional.of(field(row, names, columns.route().get()).strip());
    }
    Optional<String> rationale = Optional.empty();
    if (columns.more().isPresent()) {
      rationale = Optional.of(field(row, names, columns.more().get()));
    }
    return new Row(new Place(file, line), text, pair, label, route, rationale);
  }

  private static String object(ResultSet row, List<String> names) throws SQLException {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    for (String name : names) {
      object.put(name, field(row, names, name));
    }
    return object.toString();
  }

  private static String field(ResultSet row, List<String> names, String name) throws SQLException {
    return Objects.requireNonNullElse(row.getString(names.indexOf(name) + 1), "");
  }

  /// The `read_csv` call; columns are called `c0`, `c1`, … because names in files may repeat.
  private String table(int columns, String options) {
    String types =
        IntStream.range(0, columns)
            .mapToObj(i -> "c" + i + ": 'VARCHAR'")
            .collect(Collectors.joining(", ", "{", "}"));
    String quote = quotes == Quotes.DOUBLE ? "\"" : "";
    return "read_csv(%s, delim = '%s', quote = '%s', escape = '%s', columns = %s, %s, %s)"
        .formatted(
            DuckDb.literal(file),
            separator,
            quote,
            quote,
            types,
            options,
            "auto_detect = false, strict_mode = true, store_rejects = true");
  }

  /// What DuckDB could not read, with its own tables emptied for the next file.
  private List<Finding> rejects() throws SQLException, IOException {
    List<Reject> rejects =
        db.query(
            "SELECT line_byte_position, error_type, csv_line, error_message"
                + " FROM reject_errors ORDER BY line_byte_position",
            row ->
                new Reject(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)));
    db.execute("DROP TABLE reject_errors");
    db.execute("DROP TABLE reject_scans");
    return Reject.findings(file, rejects);
  }

  private static void requireNone(List<Finding> problems) {
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }

  private Finding unreadable(SQLException e) throws IOException {
    String reason = DuckDb.reason(e);
    return reason.contains(INCONSISTENT)
        ? TextLines.inconsistentEnding(file)
            .map(place -> Finding.error(place, MIXED_ENDINGS))
            .orElseGet(() -> Finding.error(Place.of(file), "quotes do not pair up: " + reason))
        : Finding.error(Place.of(file), "cannot be read: " + reason);
  }
}
