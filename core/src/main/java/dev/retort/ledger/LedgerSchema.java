package dev.retort.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The tables of a ledger, and the check that a file has them.
///
/// `application_id` and `user_version`, both in the header of the file, say that it is a ledger and
/// of which format.
final class LedgerSchema {

  static final int VERSION = 1;

  /// `Rtrt`.
  private static final int APPLICATION_ID = 0x52747274;

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE answer (
            id INTEGER PRIMARY KEY,         -- in the order in which they were recorded
            key TEXT NOT NULL,              -- SHA-256 of identity and request
            nth INTEGER NOT NULL,           -- 0 is the answer; others were paid for as well
            identity TEXT NOT NULL,         -- kind of API, URL and model that was asked
            request TEXT NOT NULL,          -- JSON
            text TEXT NOT NULL,             -- the answer
            finish TEXT NOT NULL,           -- STOP, LENGTH, FILTERED, REFUSED or OTHER
            model TEXT NOT NULL,            -- the exact model that answered
            answer_id TEXT NOT NULL,        -- the API's name for the answer
            input_tokens INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            logprobs TEXT NOT NULL,         -- JSON, [] if there are none
            nano_dollars INTEGER NOT NULL,  -- what was paid, in billionths of a dollar
            answered_at TEXT NOT NULL,      -- ISO 8601, UTC
            latency_ms INTEGER NOT NULL,
            run TEXT NOT NULL,
            recipe TEXT NOT NULL,
            source TEXT NOT NULL,           -- api, batch ID, import FILE:LINE
            licence TEXT NOT NULL,
            checksum TEXT NOT NULL,         -- SHA-256 of key and answer
            UNIQUE (key, nth)
          ) STRICT\
          """,
          "CREATE INDEX answer_run ON answer (run, nano_dollars)",
          "CREATE INDEX answer_identity ON answer (identity, output_tokens)",
          """
          CREATE TABLE claim (
            key TEXT PRIMARY KEY,           -- a question that is being asked
            owner TEXT NOT NULL,            -- by this process
            until INTEGER NOT NULL          -- milliseconds since 1970, unless it is renewed
          ) STRICT\
          """,
          """
          CREATE TABLE batch (
            id TEXT PRIMARY KEY,            -- ours, also in the metadata of the API's batch
            identity TEXT NOT NULL,
            run TEXT NOT NULL,
            state TEXT NOT NULL,            -- PREPARED, UPLOADED, SUBMITTED, COLLECTED
            input_file TEXT NOT NULL,       -- the API's name of the uploaded file
            remote_id TEXT NOT NULL,        -- the API's name of the batch
            most_nano_dollars INTEGER NOT NULL,
            prepared_at TEXT NOT NULL
          ) STRICT\
          """,
          """
          CREATE TABLE batch_request (
            batch TEXT NOT NULL REFERENCES batch (id),
            key TEXT NOT NULL,
            request TEXT NOT NULL,
            state TEXT NOT NULL,            -- OPEN, ANSWERED, FAILED
            reason TEXT NOT NULL,           -- why it failed
            PRIMARY KEY (batch, key)
          ) STRICT\
          """,
          "CREATE INDEX batch_request_open ON batch_request (key) WHERE state='OPEN'");

  private LedgerSchema() {}

  /// Makes a ledger of an empty file and refuses whatever is none.
  static void prepare(Path file, Connection connection) throws SQLException {
    if (isBlank(connection)) {
      LedgerFile.execute(connection, "PRAGMA journal_mode=WAL");
      LedgerFile.execute(connection, "BEGIN IMMEDIATE");
      // Another process may have been faster.
      if (isBlank(connection)) {
        create(connection);
      }
      LedgerFile.execute(connection, "COMMIT");
    }
    check(file, connection);
  }

  private static boolean isBlank(Connection connection) throws SQLException {
    return number(connection, "PRAGMA application_id") == 0
        && number(connection, "PRAGMA user_version") == 0
        && number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  }

  private static void create(Connection connection) throws SQLException {
    for (String table : TABLES) {
      LedgerFile.execute(connection, table);
    }
    LedgerFile.execute(connection, "PRAGMA application_id=" + APPLICATION_ID);
    LedgerFile.execute(connection, "PRAGMA user_version=" + VERSION);
  }

  private static void check(Path file, Connection connection) throws SQLException {
    if (number(connection, "PRAGMA application_id") != APPLICATION_ID) {
      throw new LedgerException(
          "%s is an SQLite file of another program, not a ledger; name another file"
              .formatted(file));
    }
    long version = number(connection, "PRAGMA user_version");
    if (version > VERSION) {
      throw new LedgerException(
          "%s has format %d, and this Retort knows formats up to %d; use the newer Retort that wrote it, or name another ledger"
              .formatted(file, version, VERSION));
    }
    String health = text(connection, "PRAGMA quick_check(1)");
    if (!health.equals("ok")) {
      throw LedgerException.damaged(file, health, null);
    }
  }

  /// What a failure of SQLite means for the user.
  static LedgerException explain(Path file, Throwable e) {
    String what = String.valueOf(e.getMessage());
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    return switch (code) {
      case SQLITE_CORRUPT, SQLITE_NOTADB -> LedgerException.damaged(file, what, e);
      case SQLITE_FULL ->
          new LedgerException(
              "%s cannot grow: the disk is full; make room, then resume".formatted(file), e);
      case SQLITE_CANTOPEN, SQLITE_READONLY ->
          new LedgerException(
              "%s cannot be opened for writing (%s); its folder must exist and be writable"
                  .formatted(file, what),
              e);
      default -> new LedgerException("%s: %s".formatted(file, what), e);
    };
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }
}
