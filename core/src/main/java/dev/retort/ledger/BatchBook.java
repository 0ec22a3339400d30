package dev.retort.ledger;

import dev.retort.api.ChatRequest;
import dev.retort.ledger.LedgerFile.Durability;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;

/// The batches of a ledger: requests that an API answers within a day, and how far that has come.
/// Each step is on disk before the next one is taken, so that a process that is killed goes on with
/// the same batch.
public final class BatchBook {

  /// How far a batch has come.
  public enum State {
    /// Its requests are chosen.
    PREPARED,
    /// The API has its file.
    UPLOADED,
    /// The API works on it.
    SUBMITTED,
    /// All its answers and failures are in the ledger.
    COLLECTED
  }

  /// A batch.
  ///
  /// @param id our name for it
  /// @param state how far it has come
  /// @param inputFile the API's name of its file, once that is uploaded; else empty
  /// @param remoteId the API's name of the batch, once it is submitted; else empty
  /// @param most what it can cost at most
  /// @param preparedAt when it was prepared
  public record Batch(
      String id,
      State state,
      String inputFile,
      String remoteId,
      Dollars most,
      Instant preparedAt) {}

  private final LedgerFile file;
  private final AnswerRows answers;

  BatchBook(LedgerFile file, AnswerRows answers) {
    this.file = file;
    this.answers = answers;
  }

  /// Those of `requests` that are neither answered nor in a batch that is under way, by key.
  public SequencedMap<String, ChatRequest> unasked(
      String identity, Iterable<ChatRequest> requests) {
    return file.read(connection -> {
      SequencedMap<String, ChatRequest> unasked = new LinkedHashMap<>();
      for (ChatRequest request : requests) {
        String key = CanonicalRequest.key(identity, request);
        if (isUnasked(connection, key)) {
          unasked.put(key, request);
        }
      }
      return unasked;
    });
  }

  /// Enters a batch of requests, without those that another process has asked meanwhile.
  ///
  /// @param requests by key
  /// @param most what they can cost
  public Batch prepare(
      String identity, String run, Map<String, ChatRequest> requests, Dollars most) {
    Batch batch =
        new Batch(UUID.randomUUID().toString(), State.PREPARED, "", "", most, Instant.now());
    return file.write(
        Durability.POWER,
        connection -> {
          update(
              connection,
              "INSERT INTO batch VALUES (?,?,?,'PREPARED','','',?,?)",
              batch.id(),
              identity,
              run,
              Long.toString(most.nanos()),
              batch.preparedAt().toString());
          for (Map.Entry<String, ChatRequest> request : requests.entrySet()) {
            if (isUnasked(connection, request.getKey())) {
              update(
                  connection,
                  "INSERT INTO batch_request VALUES (?,?,?,'OPEN','')",
                  batch.id(),
                  request.getKey(),
                  CanonicalRequest.json(request.getValue()));
            }
          }
          return batch;
        });
  }

  /// The batches of a model that are not collected, oldest first.
  public List<Batch> open(String identity) {
    return batches("identity=? AND state<>'COLLECTED' ORDER BY prepared_at,rowid", identity);
  }

  /// A batch as it is now; another process may have worked on it.
  public Batch current(Batch batch) {
    return batches("id=?", batch.id()).getFirst();
  }

  private List<Batch> batches(String where, String parameter) {
    String sql =
        "SELECT id,state,input_file,remote_id,most_nano_dollars,prepared_at FROM batch WHERE "
            + where;
    return file.read(connection -> {
      List<Batch> batches = new ArrayList<>();
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setString(1, parameter);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            batches.add(batch(row));
          }
        }
      }
      return batches;
    });
  }

  /// Requests of a batch that are neither answered nor failed, by key.
  public SequencedMap<String, ChatRequest> openRequests(Batch batch) {
    String sql =
        "SELECT key,request FROM batch_request WHERE batch=? AND state='OPEN' ORDER BY rowid";
    return file.read(connection -> {
      SequencedMap<String, ChatRequest> requests = new LinkedHashMap<>();
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setString(1, batch.id());
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            requests.put(row.getString(1), CanonicalRequest.parse(row.getString(2)));
          }
        }
      }
      return requests;
    });
  }

  /// Notes that the API has the file of a batch.
  public Batch uploaded(Batch batch, String inputFile) {
    advance(batch, State.UPLOADED, inputFile, "");
    return new Batch(batch.id(), State.UPLOADED, inputFile, "", batch.most(), batch.preparedAt());
  }

  /// Notes that the API works on a batch.
  public Batch submitted(Batch batch, String remoteId) {
    advance(batch, State.SUBMITTED, batch.inputFile(), remoteId);
    return new Batch(
        batch.id(), State.SUBMITTED, batch.inputFile(), remoteId, batch.most(), batch.preparedAt());
  }

  /// Keeps answers of a batch; those that were kept before stay as they are.
  public void answered(Batch batch, List<Entry> entries) {
    file.write(
        Durability.POWER,
        connection -> {
          for (Entry entry : entries) {
            String key = entry.key();
            if (close(connection, batch, key, "ANSWERED", "")) {
              answers.add(connection, key, entry);
            }
          }
          return batch;
        });
  }

  /// Notes requests of a batch that have no answer; they may be asked again.
  ///
  /// @param reasons by key
  public void failed(Batch batch, Map<String, String> reasons) {
    file.write(
        Durability.POWER,
        connection -> {
          for (Map.Entry<String, String> reason : reasons.entrySet()) {
            close(connection, batch, reason.getKey(), "FAILED", reason.getValue());
          }
          return batch;
        });
  }

  /// Notes that nothing more will come of a batch.
  public void collected(Batch batch) {
    advance(batch, State.COLLECTED, batch.inputFile(), batch.remoteId());
  }

  private boolean isUnasked(Connection connection, String key) throws SQLException {
    String sql =
        "SELECT 1 FROM answer WHERE key=? AND nth=0"
            + " UNION ALL SELECT 1 FROM batch_request WHERE key=? AND state='OPEN'";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, key);
      select.setString(2, key);
      try (ResultSet row = select.executeQuery()) {
        return !row.next();
      }
    }
  }

  private void advance(Batch batch, State state, String inputFile, String remoteId) {
    file.write(
        Durability.POWER,
        connection ->
            update(
                connection,
                "UPDATE batch SET state=?,input_file=?,remote_id=? WHERE id=?",
                state.name(),
                inputFile,
                remoteId,
                batch.id()));
  }

  /// Whether the request was open until now.
  private static boolean close(
      Connection connection, Batch batch, String key, String state, String reason)
      throws SQLException {
    String sql =
        "UPDATE batch_request SET state=?,reason=? WHERE batch=? AND key=? AND state='OPEN'";
    return update(connection, sql, state, reason, batch.id(), key) == 1;
  }

  private static int update(Connection connection, String sql, String... values)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        update.setString(i + 1, values[i]);
      }
      return update.executeUpdate();
    }
  }

  private static Batch batch(ResultSet row) throws SQLException {
    return new Batch(
        row.getString("id"),
        State.valueOf(row.getString("state")),
        row.getString("input_file"),
        row.getString("remote_id"),
        new Dollars(row.getLong("most_nano_dollars")),
        Instant.parse(row.getString("prepared_at")));
  }
}
