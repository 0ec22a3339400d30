package dev.retort.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/// The table of questions that are being asked.
///
/// @param owner who claims here; another ledger object has another owner
/// @param lease how long a claim lasts that is not renewed
record ClaimRows(String owner, Duration lease) {

  /// Claims a question that nobody is asking, or whose asker's lease is over.
  boolean claim(Connection connection, String key, Instant now) throws SQLException {
    String sql =
        "INSERT INTO claim (key,owner,until) VALUES (?,?,?) ON CONFLICT (key) DO UPDATE"
            + " SET owner=excluded.owner, until=excluded.until WHERE claim.until<?";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, key);
      insert.setString(2, owner);
      insert.setLong(3, now.plus(lease).toEpochMilli());
      insert.setLong(4, now.toEpochMilli());
      return insert.executeUpdate() == 1;
    }
  }

  void release(Connection connection, String key) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM claim WHERE key=? AND owner=?")) {
      delete.setString(1, key);
      delete.setString(2, owner);
      delete.executeUpdate();
    }
  }

  void releaseAll(Connection connection) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM claim WHERE owner=?")) {
      delete.setString(1, owner);
      delete.executeUpdate();
    }
  }

  /// Lets all claims of the owner last for another lease.
  void renew(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE claim SET until=? WHERE owner=?")) {
      update.setLong(1, now.plus(lease).toEpochMilli());
      update.setString(2, owner);
      update.executeUpdate();
    }
  }
}
