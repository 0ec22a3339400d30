package dev.retort.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The SQLite file of a ledger: one connection, whose writers share transactions.
///
/// Writing to disk takes far longer than the rest. Whoever holds the connection therefore commits
/// what all waiting threads want to write, with one write to disk for all.
final class LedgerFile implements AutoCloseable {

  /// Something done with the connection.
  @FunctionalInterface
  interface Work<T> {

    /// Does it; may run inside a transaction that others share.
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
  private static final int SHARED_AT_MOST = 256;

  private final Path file;
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Pending<?>> waiting = new ConcurrentLinkedQueue<>();

  private LedgerFile(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /// Opens or creates a ledger.
  ///
  /// @throws LedgerException if the file is something else, damaged, or of a newer format
  static LedgerFile open(Path file) {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try {
        execute(connection, "PRAGMA busy_timeout=" + BUSY_MILLIS);
        LedgerSchema.prepare(file, connection);
        execute(connection, "PRAGMA wal_autocheckpoint=1000");
        return new LedgerFile(file, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw LedgerSchema.explain(file, e);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Path path() {
    return file;
  }

  /// Reads.
  <T> T read(Work<T> work) {
    lock.lock();
    try {
      return work.run(connection);
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  /// Changes something: when this returns, the change is committed. It cannot be interrupted, since
  /// what is written may have been paid for.
  <T> T write(Durability durability, Work<T> work) {
    Pending<T> mine = new Pending<>(durability, work);
    waiting.add(mine);
    lock.lock();
    try {
      while (!mine.done().isDone()) {
        commitWaiting();
      }
    } finally {
      lock.unlock();
    }
    if (mine.done().isCompletedExceptionally()) {
      throw failed(mine.done().exceptionNow());
    }
    return mine.done().resultNow();
  }

  private void commitWaiting() {
    List<Pending<?>> shared = new ArrayList<>();
    for (Pending<?> next = waiting.poll(); next != null; next = waiting.poll()) {
      shared.add(next);
      if (shared.size() == SHARED_AT_MOST) {
        break;
      }
    }
    try {
      List<Runnable> publish = transaction(shared);
      publish.forEach(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      shared.forEach(pending -> pending.done().completeExceptionally(e));
    }
  }

  /// Commits all of `shared` or nothing, and returns what tells their threads so.
  private List<Runnable> transaction(List<Pending<?>> shared) throws SQLException {
    boolean power = shared.stream().anyMatch(one -> one.durability() == Durability.POWER);
    execute(connection, "PRAGMA synchronous=" + (power ? "FULL" : "NORMAL"));
    execute(connection, "BEGIN IMMEDIATE");
    try {
      List<Runnable> publish = new ArrayList<>();
      for (Pending<?> one : shared) {
        publish.add(one.run(connection));
      }
      execute(connection, "COMMIT");
      return publish;
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(Exception why) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself, as it does when the disk is full.
      why.addSuppressed(e);
    }
  }

  private LedgerException failed(Throwable e) {
    return e instanceof LedgerException known ? known : LedgerSchema.explain(file, e);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  /// A change that waits to be committed.
  private record Pending<T>(Durability durability, Work<T> work, CompletableFuture<T> done) {

    Pending(Durability durability, Work<T> work) {
      this(durability, work, new CompletableFuture<>());
    }

    Runnable run(Connection connection) throws SQLException {
      T result = work.run(connection);
      return () -> done.complete(result);
    }
  }
}
