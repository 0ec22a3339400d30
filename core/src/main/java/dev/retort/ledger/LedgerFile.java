package dev.retort.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;

/// The SQLite file of a ledger: a connection that reads, and a [LedgerWriter] with another one, so
/// that nobody who looks for an answer waits for the disk.
final class LedgerFile implements AutoCloseable {

  /// Something done with a connection.
  @FunctionalInterface
  interface Work<T> {

    /// Does it; what writes runs inside a transaction that others share.
    T run(Connection connection) throws SQLException;
  }

  /// What a committed change outlives.
  enum Durability {
    /// The end of this process at any moment, but not a loss of power.
    PROCESS,
    /// A loss of power too, as SQLite's `synchronous=FULL` has it. Answers that were paid for do.
    POWER
  }

  private static final int BUSY_MILLIS = 60_000;

  private final Path file;
  private final Connection reader;
  private final LedgerWriter writer;
  private final ReentrantLock lock = new ReentrantLock();

  private LedgerFile(Path file, Connection reader, Connection writer) {
    this.file = file;
    this.reader = reader;
    this.writer = new LedgerWriter(file, writer);
  }

  /// Opens or creates a ledger.
  ///
  /// @throws LedgerException if the file is something else, damaged, or of a newer format
  static LedgerFile open(Path file) {
    try {
      Connection writer = connect(file);
      try {
        LedgerSchema.prepare(file, writer);
        return new LedgerFile(file, connect(file), writer);
      } catch (SQLException | RuntimeException e) {
        writer.close();
        throw e;
      }
    } catch (SQLException e) {
      throw LedgerSchema.explain(file, e);
    }
  }

  private static Connection connect(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    execute(connection, "PRAGMA busy_timeout=" + BUSY_MILLIS);
    return connection;
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Path path() {
    return file;
  }

  /// Reads what is committed.
  <T> T read(Work<T> work) {
    lock.lock();
    try {
      return work.run(reader);
    } catch (SQLException e) {
      throw LedgerSchema.explain(file, e);
    } finally {
      lock.unlock();
    }
  }

  /// Changes something: when this returns, the change is committed. It cannot be interrupted, since
  /// what is written may have been paid for.
  <T> T write(Durability durability, Work<T> work) {
    return writer.write(durability, work);
  }

  @Override
  public void close() {
    writer.close();
    lock.lock();
    try {
      reader.close();
    } catch (SQLException e) {
      throw LedgerSchema.explain(file, e);
    } finally {
      lock.unlock();
    }
  }
}
