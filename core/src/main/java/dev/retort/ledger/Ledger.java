package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.ledger.LedgerFile.Durability;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Every answer of models behind an API, with what it cost and where it comes from, in one SQLite
/// file that threads and processes share.
///
/// An answer is committed before anyone sees it and outlives a loss of power; a process that is
/// killed loses the requests that it has in flight. A claim tells other processes that a question
/// is being asked; it is renewed as long as its owner lives and taken over when it is not.
///
/// The file is in WAL mode, which needs a local disk: no network file system.
public final class Ledger implements AutoCloseable {

  /// How long the claims of a killed process keep others from asking.
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final int PAGE = 500;

  private final LedgerFile file;
  private final AnswerRows answers;
  private final ClaimRows claims;
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ledger-renewal").factory());
  private final ScheduledFuture<?> renewal;

  private Ledger(LedgerFile file, Duration lease) {
    this.file = file;
    this.answers = new AnswerRows(file.path());
    this.claims = new ClaimRows(UUID.randomUUID().toString(), lease);
    long period = lease.toMillis() / 3;
    this.renewal = beats.scheduleAtFixedRate(this::renew, period, period, TimeUnit.MILLISECONDS);
  }

  /// Opens or creates the ledger in `path`, whose folder exists.
  ///
  /// @throws LedgerException if the file is something else, damaged, or of a newer format
  public static Ledger open(Path path) {
    return open(path, LEASE);
  }

  static Ledger open(Path path, Duration lease) {
    return new Ledger(LedgerFile.open(path), lease);
  }

  /// The batches whose answers it waits for.
  public BatchBook batches() {
    return new BatchBook(file, answers);
  }

  /// Where it lies.
  public Path path() {
    return file.path();
  }

  /// The answer to a question.
  ///
  /// @param key of [CanonicalRequest#key]
  public Optional<ChatAnswer> find(String key) {
    return entry(key).map(Entry::answer);
  }

  /// The answer to a question, and what is noted of it.
  ///
  /// @param key of [CanonicalRequest#key]
  public Optional<Entry> entry(String key) {
    return file.read(connection -> answers.find(connection, key));
  }

  /// Says whether to ask a question: no if it is answered or someone else asks, else it is claimed.
  public Claim claim(String key) {
    return file.write(
        Durability.PROCESS,
        connection -> {
          Optional<Entry> known = answers.find(connection, key);
          if (known.isPresent()) {
            return new Claim.Known(known.get().answer());
          }
          return claims.claim(connection, key, Instant.now())
              ? new Claim.Granted()
              : new Claim.Held();
        });
  }

  /// Gives a claim back that led to no answer.
  public void release(String key) {
    file.write(
        Durability.PROCESS,
        connection -> {
          claims.release(connection, key);
          return key;
        });
  }

  /// Keeps an answer and ends the claim on its question.
  ///
  /// @return the answer that counts: the first one, if the question was asked twice. The other one
  ///   is kept beside it, with its price.
  public ChatAnswer record(Entry entry) {
    String key = entry.key();
    return file.write(
        Durability.POWER,
        connection -> {
          Optional<Entry> first = answers.find(connection, key);
          answers.add(connection, key, entry);
          claims.release(connection, key);
          return first.orElse(entry).answer();
        });
  }

  /// Keeps answers that are not known yet, such as imported ones; all of them or none.
  ///
  /// @return how many were new
  public int recordUnknown(List<Entry> entries) {
    return file.write(
        Durability.POWER,
        connection -> {
          int added = 0;
          for (Entry entry : entries) {
            String key = entry.key();
            if (answers.find(connection, key).isEmpty()) {
              answers.add(connection, key, entry);
              added++;
            }
          }
          return added;
        });
  }

  /// What a run has paid so far.
  public Dollars paid(String run) {
    return new Dollars(
        file.read(connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT coalesce(sum(nano_dollars),0) FROM answer WHERE run=?")) {
            return number(select, run).orElseThrow();
          }
        }));
  }

  /// Tokens that a model's answers have on average, if there are any.
  public OptionalDouble meanOutputTokens(String identity) {
    Optional<Double> mean =
        file.read(connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT avg(output_tokens) FROM answer WHERE identity=?")) {
            select.setString(1, identity);
            try (ResultSet row = select.executeQuery()) {
              double value = row.next() ? row.getDouble(1) : 0;
              return row.wasNull() ? Optional.empty() : Optional.of(value);
            }
          }
        });
    return mean.isPresent() ? OptionalDouble.of(mean.get()) : OptionalDouble.empty();
  }

  /// Shows all answers in the order in which they were recorded, one to each question.
  public void forEach(Consumer<Entry> reader) {
    long last = 0;
    List<AnswerRows.Numbered> page;
    do {
      long from = last;
      // Page by page, so that others can write meanwhile.
      page = file.read(connection -> answers.after(connection, from, PAGE));
      for (AnswerRows.Numbered row : page) {
        reader.accept(row.entry());
        last = row.id();
      }
    } while (!page.isEmpty());
  }

  private static Optional<Long> number(PreparedStatement select, String parameter)
      throws SQLException {
    select.setString(1, parameter);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
    }
  }

  private void renew() {
    try {
      file.write(
          Durability.PROCESS,
          connection -> {
            claims.renew(connection, Instant.now());
            return true;
          });
    } catch (LedgerException passing) {
      // The next beat tries again before the lease is over. If the file is broken, whoever records
      // the next answer is told so.
    }
  }

  /// Gives back all claims and closes the file.
  @Override
  public void close() {
    renewal.cancel(false);
    beats.close();
    try {
      file.write(
          Durability.PROCESS,
          connection -> {
            claims.releaseAll(connection);
            return true;
          });
    } finally {
      file.close();
    }
  }
}
