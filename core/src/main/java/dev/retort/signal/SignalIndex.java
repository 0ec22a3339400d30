package dev.retort.signal;

import dev.retort.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The SQLite index of a signal store: which shard, in which row, answers for which key.
final class SignalIndex implements AutoCloseable {

  /// One file of answers.
  ///
  /// @param teacher fingerprint of who answered
  /// @param file name within the store's folder
  /// @param sha256 checksum of the file
  record Shard(String teacher, String file, String sha256) {

    /// Fails unless `path`, where the file lies, has its content.
    void verify(Path path) throws IOException {
      if (!Files.exists(path)) {
        throw SignalStoreException.damaged(path, "it is missing");
      }
      if (!Sha256.ofFile(path).equals(sha256)) {
        throw SignalStoreException.damaged(path, "its checksum is wrong");
      }
    }
  }

  /// What was measured of a shard when it was written.
  ///
  /// @param tokens rows that it answers for
  /// @param bytes that these take
  /// @param error mean over the rows of what their codec lost
  record Measures(long tokens, long bytes, double error) {}

  private final Path file;
  private final Connection connection;

  private SignalIndex(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  static SignalIndex open(Path file) throws SignalStoreException {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS shard"
                + " (file TEXT PRIMARY KEY, teacher TEXT NOT NULL, sha256 TEXT NOT NULL)");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS answer (file TEXT NOT NULL REFERENCES shard(file),"
                + " row INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (file, row))");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS measured (file TEXT PRIMARY KEY REFERENCES shard(file),"
                + " tokens INTEGER NOT NULL, bytes INTEGER NOT NULL, error REAL NOT NULL)");
      }
      return new SignalIndex(file, connection);
    } catch (SQLException e) {
      throw new SignalStoreException(
          "%s cannot be read as an index of teacher answers (%s); delete the folder %s to ask the teacher again"
              .formatted(file, e.getMessage(), file.getParent()),
          e);
    }
  }

  List<Shard> shards(String teacher) throws SignalStoreException {
    return query(
        "SELECT teacher, file, sha256 FROM shard WHERE teacher = ? ORDER BY file",
        teacher,
        row -> new Shard(row.getString(1), row.getString(2), row.getString(3)));
  }

  List<String> keys(Shard shard) throws SignalStoreException {
    return query(
        "SELECT key FROM answer WHERE file = ? ORDER BY row",
        shard.file(),
        row -> row.getString(1));
  }

  /// What was measured of `shard`, if anything was.
  Optional<Measures> measures(Shard shard) throws SignalStoreException {
    List<Measures> found =
        query(
            "SELECT tokens, bytes, error FROM measured WHERE file = ?",
            shard.file(),
            row -> new Measures(row.getLong(1), row.getLong(2), row.getDouble(3)));
    return found.stream().findFirst();
  }

  /// Enters a shard of which nothing was measured, all of it or nothing.
  void add(Shard shard, List<String> keys) throws SignalStoreException {
    add(shard, keys, Optional.empty());
  }

  /// Enters a shard, all of it or nothing.
  void add(Shard shard, List<String> keys, Optional<Measures> measures)
      throws SignalStoreException {
    try {
      // A transaction lasts no longer than this: one left open after reading could not write once
      // another store, of this process or another, has written.
      connection.setAutoCommit(false);
      try {
        insert(shard, keys);
        if (measures.isPresent()) {
          insert(shard, measures.get());
        }
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void insert(Shard shard, List<String> keys) throws SQLException {
    try (PreparedStatement insertShard =
            connection.prepareStatement(
                "INSERT INTO shard (teacher, file, sha256) VALUES (?,?,?)");
        PreparedStatement insertAnswer =
            connection.prepareStatement("INSERT INTO answer (file, row, key) VALUES (?,?,?)")) {
      insertShard.setString(1, shard.teacher());
      insertShard.setString(2, shard.file());
      insertShard.setString(3, shard.sha256());
      insertShard.executeUpdate();
      insertAnswer.setString(1, shard.file());
      for (int row = 0; row < keys.size(); row++) {
        insertAnswer.setInt(2, row);
        insertAnswer.setString(3, keys.get(row));
        insertAnswer.addBatch();
      }
      insertAnswer.executeBatch();
    }
  }

  private void insert(Shard shard, Measures measures) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO measured (file, tokens, bytes, error) VALUES (?,?,?,?)")) {
      insert.setString(1, shard.file());
      insert.setLong(2, measures.tokens());
      insert.setLong(3, measures.bytes());
      insert.setDouble(4, measures.error());
      insert.executeUpdate();
    }
  }

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, String parameter, RowReader<T> reader)
      throws SignalStoreException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      List<T> result = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          result.add(reader.read(rows));
        }
      }
      return result;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private SignalStoreException failed(SQLException e) {
    return new SignalStoreException("%s: %s".formatted(file, e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("%s cannot be closed".formatted(file), e);
    }
  }
}
