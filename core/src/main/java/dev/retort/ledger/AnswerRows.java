package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.io.Sha256;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The table of answers.
///
/// @param file of the ledger, for messages
record AnswerRows(Path file) {

  /// An answer and its place in the table.
  record Numbered(long id, Entry entry) {}

  private static final List<String> COLUMNS =
      List.of(
          "identity",
          "request",
          "text",
          "finish",
          "model",
          "answer_id",
          "input_tokens",
          "cached_tokens",
          "output_tokens",
          "logprobs",
          "nano_dollars",
          "answered_at",
          "latency_ms",
          "run",
          "recipe",
          "source",
          "licence");

  private static final String SELECTED = String.join(",", COLUMNS);
  private static final String INSERT =
      "INSERT INTO answer (%s,checksum,key,nth) VALUES (%s?,?,(SELECT count(*) FROM answer WHERE key=?))"
          .formatted(SELECTED, "?,".repeat(COLUMNS.size()));

  Optional<Entry> find(Connection connection, String key) throws SQLException {
    String sql = "SELECT %s,checksum,key FROM answer WHERE key=? AND nth=0".formatted(SELECTED);
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(entry(values(row))) : Optional.empty();
      }
    }
  }

  /// Adds an answer, beside others to the same question if there are any.
  void add(Connection connection, String key, Entry entry) throws SQLException {
    List<String> values = values(entry);
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      int index = 1;
      for (String value : values) {
        insert.setString(index++, value);
      }
      insert.setString(index++, checksum(key, values));
      insert.setString(index++, key);
      insert.setString(index, key);
      insert.executeUpdate();
    }
  }

  /// At most `count` answers after the one numbered `last`, in the order in which they were
  /// recorded.
  List<Numbered> after(Connection connection, long last, int count) throws SQLException {
    String sql =
        "SELECT %s,checksum,key,id FROM answer WHERE id>? AND nth=0 ORDER BY id LIMIT ?"
            .formatted(SELECTED);
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, last);
      select.setInt(2, count);
      List<Numbered> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(new Numbered(row.getLong("id"), entry(values(row))));
        }
      }
      return found;
    }
  }

  private List<String> values(ResultSet row) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int column = 1; column <= COLUMNS.size(); column++) {
      values.add(row.getString(column));
    }
    String key = row.getString("key");
    if (!checksum(key, values).equals(row.getString("checksum"))) {
      throw new LedgerException(
          "%s: the answer %s has a wrong checksum: it is damaged or was edited. Restore the file from a copy, or delete that row of table answer to ask again"
              .formatted(file, key));
    }
    return values;
  }

  private static List<String> values(Entry entry) {
    ChatAnswer answer = entry.answer();
    Usage usage = answer.usage();
    Provenance provenance = entry.provenance();
    return List.of(
        entry.identity(),
        CanonicalRequest.json(entry.request()),
        answer.text(),
        answer.finish().name(),
        answer.model(),
        answer.id(),
        Long.toString(usage.inputTokens()),
        Long.toString(usage.cachedTokens()),
        Long.toString(usage.outputTokens()),
        CanonicalRequest.logprobs(answer.logprobs()),
        Long.toString(entry.paid().nanos()),
        entry.at().toString(),
        Long.toString(entry.latency().toMillis()),
        provenance.run(),
        provenance.recipe(),
        provenance.source(),
        provenance.licence());
  }

  private static Entry entry(List<String> values) {
    return new Entry(
        values.get(0),
        CanonicalRequest.parse(values.get(1)),
        answer(values),
        new Dollars(Long.parseLong(values.get(10))),
        Instant.parse(values.get(11)),
        Duration.ofMillis(Long.parseLong(values.get(12))),
        new Provenance(values.get(13), values.get(14), values.get(15), values.get(16)));
  }

  private static ChatAnswer answer(List<String> values) {
    return new ChatAnswer(
        values.get(2),
        Finish.valueOf(values.get(3)),
        new Usage(
            Long.parseLong(values.get(6)),
            Long.parseLong(values.get(7)),
            Long.parseLong(values.get(8))),
        values.get(4),
        values.get(5),
        CanonicalRequest.logprobs(values.get(9)));
  }

  private static String checksum(String key, List<String> values) {
    Sha256 hash = new Sha256().add(key);
    values.forEach(hash::add);
    return hash.hex(Sha256.BYTES);
  }
}
