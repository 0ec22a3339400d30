package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads one Parquet file. Columns of other types than text are taken as DuckDB writes them, and
/// rows that are taken whole as JSON objects.
///
/// All structs of a column have the same fields, so that a field which only some of them had in the
/// first place, such as the `tool_calls` of messages, is null in the others. It counts as absent;
/// `content` alone stays null, as JSONL files have it beside tool calls.
record ParquetFile(DuckDb db, Path file) {

  private static final String ROW_NUMBER = "file_row_number";
  private static final String CONTENT = "content";

  List<Row> read(Columns columns) throws IOException {
    String table = "read_parquet(" + DuckDb.literal(file) + ", file_row_number = true)";
    try {
      List<String> names = db.query("DESCRIBE SELECT * FROM " + table, row -> row.getString(1));
      names.remove(ROW_NUMBER);
      if (columns.whole()) {
        return whole(table, names);
      }
      Columns present = columns.in(file, names);
      String selected =
          present.byRole().values().stream()
              .map(name -> "CAST(" + DuckDb.identifier(name) + " AS VARCHAR), ")
              .collect(Collectors.joining());
      return db.query(
          "SELECT " + selected + ROW_NUMBER + " FROM " + table, row -> row(row, present));
    } catch (SQLException e) {
      String advice = "; the file is damaged or not Parquet, write or fetch it again";
      Finding problem =
          Finding.error(Place.of(file), "cannot be read: " + DuckDb.reason(e) + advice);
      throw new DataException(problem, e);
    }
  }

  private List<Row> whole(String table, List<String> names) throws SQLException, IOException {
    String fields =
        names.stream()
            .map(DuckDb::identifier)
            .map(name -> name + " := " + name)
            .collect(Collectors.joining(", "));
    return db.query(
        "SELECT CAST(to_json(struct_pack(%s)) AS VARCHAR), %s FROM %s"
            .formatted(fields, ROW_NUMBER, table),
        row ->
            new Row(
                new Place(file, row.getLong(2) + 1),
                withoutAbsent(JsonMapper.shared().readTree(row.getString(1))).toString(),
                Optional.empty(),
                "",
                Optional.empty()));
  }

  private static JsonNode withoutAbsent(JsonNode value) {
    if (value instanceof ObjectNode object) {
      object.remove(
          object.properties().stream()
              .filter(field -> field.getValue().isNull() && !field.getKey().equals(CONTENT))
              .map(Map.Entry::getKey)
              .toList());
    }
    value.values().forEach(ParquetFile::withoutAbsent);
    return value;
  }

  private Row row(ResultSet row, Columns columns) throws SQLException {
    int column = 1;
    String text = value(row, column++);
    Optional<String> pair = Optional.empty();
    if (columns.pair().isPresent()) {
      pair = Optional.of(value(row, column++));
    }
    String label = columns.label().isPresent() ? value(row, column++).strip() : "";
    Optional<String> route = Optional.empty();
    if (columns.route().isPresent()) {
      route = Optional.of(value(row, column++).strip());
    }
    Optional<String> rationale = Optional.empty();
    if (columns.more().isPresent()) {
      rationale = Optional.of(value(row, column++));
    }
    return new Row(new Place(file, row.getLong(column) + 1), text, pair, label, route, rationale);
  }

  private static String value(ResultSet row, int column) throws SQLException {
    return Objects.requireNonNullElse(row.getString(column), "");
  }
}
