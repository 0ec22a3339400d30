package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// An in-memory DuckDB that reads files. It keeps the order of their rows, stays off the network
/// and writes nothing to disk.
final class DuckDb implements AutoCloseable {

  /// Turns the current row of a result into a value.
  @FunctionalInterface
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException, IOException;
  }

  private final Connection connection;

  private DuckDb(Connection connection) {
    this.connection = connection;
  }

  static DuckDb open() throws IOException {
    try {
      DuckDb db = new DuckDb(DriverManager.getConnection("jdbc:duckdb:"));
      db.execute("SET autoinstall_known_extensions = false");
      db.execute("SET autoload_known_extensions = false");
      db.execute("SET preserve_insertion_order = true");
      db.execute("SET temp_directory = ''");
      return db;
    } catch (SQLException e) {
      throw new IOException("DuckDB, which reads the data files, does not start", e);
    }
  }

  /// The mapped rows of a query, in order.
  <T> List<T> query(String sql, RowMapper<T> mapper) throws SQLException, IOException {
    List<T> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(mapper.map(result));
      }
    }
    return rows;
  }

  /// The files that match a glob, ordered by path.
  List<Path> files(String glob) throws IOException {
    String sql = "SELECT file FROM glob(" + literal(glob) + ") ORDER BY file";
    try {
      return query(sql, row -> Path.of(row.getString(1)));
    } catch (SQLException e) {
      throw new IOException("cannot list the files of " + glob, e);
    }
  }

  /// Runs a statement without a result.
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// A file's path as a SQL string that stands for this file alone.
  static String literal(Path file) {
    return literal(globEscaped(file.toString()));
  }

  /// A SQL string.
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /// A column name in SQL.
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// The path with the special characters of globs made ordinary.
  static String globEscaped(String path) {
    return path.replaceAll("([*?\\[])", "[$1]");
  }

  /// The first line of DuckDB's message; the rest is advice about its own options.
  static String reason(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(message);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("DuckDB, which reads the data files, does not close", e);
    }
  }
}
