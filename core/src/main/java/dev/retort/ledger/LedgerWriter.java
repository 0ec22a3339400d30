package dev.retort.ledger;

import dev.retort.ledger.LedgerFile.Durability;
import dev.retort.ledger.LedgerFile.Work;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/// The thread that writes a ledger. A commit that outlives a loss of power takes milliseconds,
/// nearly all of them waiting for the disk; so all that waits when one ends goes into the next one.
final class LedgerWriter implements AutoCloseable {

  private static final int SHARED_AT_MOST = 256;

  private final Path file;
  private final Connection connection;
  private final BlockingQueue<Pending<?>> waiting = new LinkedBlockingQueue<>();
  private final Pending<Boolean> last = new Pending<>(Durability.PROCESS, _ -> true);
  private volatile boolean ended;

  LedgerWriter(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
    Thread.ofPlatform().daemon().name("ledger-writer").start(this::run);
  }

  /// Waits until `work` is committed, whatever interrupts come.
  <T> T write(Durability durability, Work<T> work) {
    Pending<T> mine = new Pending<>(durability, work);
    waiting.add(mine);
    if (ended) {
      refuseWaiting();
    }
    try {
      return mine.done().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LedgerException known
          ? known
          : LedgerSchema.explain(file, e.getCause() == null ? e : e.getCause());
    }
  }

  private void run() {
    try {
      List<Pending<?>> shared = new ArrayList<>();
      while (!shared.contains(last)) {
        shared.clear();
        shared.add(waiting.take());
        waiting.drainTo(shared, SHARED_AT_MOST - 1);
        commit(shared);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody has this thread to interrupt it
    } finally {
      ended = true;
      refuseWaiting();
    }
  }

  private void commit(List<Pending<?>> shared) {
    try {
      transaction(shared).forEach(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      shared.forEach(pending -> pending.done().completeExceptionally(e));
    } catch (Error e) {
      shared.forEach(pending -> pending.done().completeExceptionally(e));
      throw e;
    }
  }

  /// Commits all of `shared` or nothing, and returns what tells their threads so.
  private List<Runnable> transaction(List<Pending<?>> shared) throws SQLException {
    boolean power = shared.stream().anyMatch(one -> one.durability() == Durability.POWER);
    LedgerFile.execute(connection, "PRAGMA synchronous=" + (power ? "FULL" : "NORMAL"));
    LedgerFile.execute(connection, "BEGIN IMMEDIATE");
    try {
      List<Runnable> publish = new ArrayList<>();
      for (Pending<?> one : shared) {
        publish.add(one.run(connection));
      }
      LedgerFile.execute(connection, "COMMIT");
      return publish;
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(Exception why) {
    try {
      LedgerFile.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself, as it does when the disk is full.
      why.addSuppressed(e);
    }
  }

  private void refuseWaiting() {
    LedgerException closed = new LedgerException(file + " is closed");
    for (Pending<?> next = waiting.poll(); next != null; next = waiting.poll()) {
      next.done().completeExceptionally(closed);
    }
  }

  /// Writes what waits, and ends.
  @Override
  public void close() {
    waiting.add(last);
    last.done().join();
    try {
      connection.close();
    } catch (SQLException e) {
      throw LedgerSchema.explain(file, e);
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
