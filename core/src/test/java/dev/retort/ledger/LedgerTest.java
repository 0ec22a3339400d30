package dev.retort.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatAnswer.Usage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

  private static final ChatAnswer ANSWER =
      new ChatAnswer(
          "Zürich\n",
          Finish.LENGTH,
          new Usage(12, 4, 3),
          "gpt-x-2026-01-01",
          "chatcmpl-1",
          List.of(new TokenLogprob("Zü", -0.5, List.of(new Alternative("Be", -1.5)))));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("ledger.sqlite");
  }

  @Test
  void everythingAboutAnAnswerIsKept() {
    Entry entry = entry("Where?", ANSWER);
    try (Ledger ledger = Ledger.open(file)) {
      assertThat(ledger.find(entry.key())).isEmpty();
      assertThat(ledger.record(entry)).isEqualTo(ANSWER);
    }

    try (Ledger ledger = Ledger.open(file)) {
      assertThat(ledger.find(entry.key())).contains(ANSWER);
      assertThat(entries(ledger)).containsExactly(entry);
    }
  }

  @Test
  void theFirstOfTwoAnswersCountsAndBothWerePaid() {
    Entry first = entry("Where?", ANSWER);
    Entry second = entry("Where?", Questions.answer("Bern", new Usage(1, 0, 1)));
    try (Ledger ledger = Ledger.open(file)) {
      ledger.record(first);

      assertThat(ledger.record(second)).isEqualTo(ANSWER);
      assertThat(ledger.find(first.key())).contains(ANSWER);
      assertThat(entries(ledger)).containsExactly(first);
      assertThat(ledger.paid("run-1")).isEqualTo(new Dollars(246));
    }
  }

  @Test
  void runsPayForThemselves() {
    try (Ledger ledger = Ledger.open(file)) {
      ledger.record(entry("Where?", ANSWER));

      assertThat(ledger.paid("run-1")).isEqualTo(new Dollars(123));
      assertThat(ledger.paid("run-2")).isEqualTo(Dollars.ZERO);
    }
  }

  @Test
  void importedAnswersReplaceNone() {
    Entry known = entry("Where?", ANSWER);
    ChatAnswer other = Questions.answer("Bern", Usage.NONE);
    try (Ledger ledger = Ledger.open(file)) {
      ledger.record(known);

      assertThat(ledger.recordUnknown(List.of(entry("Where?", other), entry("When?", other))))
          .isEqualTo(1);
      assertThat(ledger.find(known.key())).contains(ANSWER);
      assertThat(ledger.find(entry("When?", other).key())).contains(other);
    }
  }

  @Test
  void allAnswersAreShownInTheirOrder() {
    List<Entry> many =
        IntStream.range(0, 1201).mapToObj(i -> entry("question " + i, ANSWER)).toList();
    try (Ledger ledger = Ledger.open(file)) {
      ledger.recordUnknown(many);

      assertThat(entries(ledger)).isEqualTo(many);
      assertThat(ledger.meanOutputTokens(Questions.IDENTITY)).hasValue(3);
      assertThat(ledger.meanOutputTokens("another")).isEmpty();
    }
  }

  @Test
  void aClaimHoldsUntilItsQuestionIsAnsweredOrReleased() {
    Entry entry = entry("Where?", ANSWER);
    try (Ledger one = Ledger.open(file);
        Ledger other = Ledger.open(file)) {
      assertThat(one.claim(entry.key())).isEqualTo(new Claim.Granted());
      assertThat(other.claim(entry.key())).isEqualTo(new Claim.Held());
      other.release(entry.key());
      assertThat(other.claim(entry.key())).isEqualTo(new Claim.Held());
      one.release(entry.key());
      assertThat(other.claim(entry.key())).isEqualTo(new Claim.Granted());
      other.record(entry);
      assertThat(one.claim(entry.key())).isEqualTo(new Claim.Known(ANSWER));
    }
  }

  @Test
  void aClosedLedgerClaimsNothing() {
    try (Ledger one = Ledger.open(file)) {
      one.claim("question");
    }
    try (Ledger other = Ledger.open(file)) {
      assertThat(other.claim("question")).isEqualTo(new Claim.Granted());
    }
  }

  @Test
  void whoWritesIntoAClosedLedgerIsToldSo() {
    Ledger ledger = Ledger.open(file);
    ledger.close();

    assertThatThrownBy(() -> ledger.record(entry("Where?", ANSWER)))
        .isInstanceOf(LedgerException.class)
        .hasMessage(file + " is closed");
  }

  @Test
  void aClaimIsRenewedAsLongAsItsOwnerLives() throws SQLException, InterruptedException {
    try (Ledger ledger = Ledger.open(file, Duration.ofMillis(300))) {
      ledger.claim("question");
      long first = claimedUntil();
      long now = first;
      for (int tries = 0; now <= first && tries < 6000; tries++) {
        Thread.sleep(10);
        now = claimedUntil();
      }

      assertThat(now).isGreaterThan(first);
    }
  }

  @Test
  void aClaimThatNobodyRenewsIsTakenOver() throws SQLException {
    try (Ledger ledger = Ledger.open(file)) {
      sql("INSERT INTO claim VALUES ('question', 'killed', 1)");

      assertThat(ledger.claim("question")).isEqualTo(new Claim.Granted());
    }
  }

  @Test
  void manyThreadsWriteAtOnce() {
    try (Ledger ledger = Ledger.open(file)) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        IntStream.range(0, 2000)
            .forEach(i -> threads.execute(() -> ledger.record(entry("question " + i, ANSWER))));
      }

      assertThat(entries(ledger)).hasSize(2000);
      assertThat(ledger.paid("run-1")).isEqualTo(new Dollars(2000 * 123));
    }
  }

  @Test
  void anEditedAnswerIsNamedAndRefused() throws SQLException {
    Entry entry = entry("Where?", ANSWER);
    try (Ledger ledger = Ledger.open(file)) {
      ledger.record(entry);
      sql("UPDATE answer SET text='Bern'");

      assertThatThrownBy(() -> ledger.find(entry.key()))
          .isInstanceOf(LedgerException.class)
          .hasMessageStartingWith(file + ": the answer " + entry.key() + " has a wrong checksum");
    }
  }

  @Test
  void aDamagedFileIsNamedAndLeftAsItIs() throws IOException {
    try (Ledger ledger = Ledger.open(file)) {
      ledger.recordUnknown(
          IntStream.range(0, 200).mapToObj(i -> entry("question " + i, ANSWER)).toList());
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long page = 2; page < 12; page++) {
        channel.write(ByteBuffer.wrap(new byte[2048]), page * 4096);
      }
    }
    byte[] damaged = Files.readAllBytes(file);

    assertThatThrownBy(() -> Ledger.open(file))
        .isInstanceOf(LedgerException.class)
        .hasMessageStartingWith(file + " is damaged or no ledger: ")
        .hasMessageContaining("restore it from a copy");
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
  }

  @Test
  void aFileOfSomethingElseIsRefusedAndLeftAsItIs() throws IOException {
    Files.writeString(file, "key,answer\n1,yes\n".repeat(100));
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> Ledger.open(file))
        .isInstanceOf(LedgerException.class)
        .hasMessageStartingWith(file + " is damaged or no ledger: ");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aDatabaseOfAnotherProgramIsRefused() throws SQLException {
    sql("CREATE TABLE shard (file TEXT)");

    assertThatThrownBy(() -> Ledger.open(file))
        .hasMessage(
            file + " is an SQLite file of another program, not a ledger; name another file");
  }

  @Test
  void aNewerFormatIsRefused() throws SQLException {
    Ledger.open(file).close();
    sql("PRAGMA user_version=2");

    assertThatThrownBy(() -> Ledger.open(file))
        .hasMessage(
            file
                + " has format 2, and this Retort knows formats up to 1; use the newer Retort that wrote it, or name another ledger");
  }

  @Test
  void aFolderThatDoesNotExistIsNamed() {
    Path missing = folder.resolve("no").resolve("ledger.sqlite");

    assertThatThrownBy(() -> Ledger.open(missing))
        .isInstanceOf(LedgerException.class)
        .hasMessageStartingWith(missing + " cannot be opened for writing (")
        .hasMessageEndingWith("its folder must exist and be writable");
  }

  private long claimedUntil() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT until FROM claim")) {
      return row.getLong(1);
    }
  }

  private void sql(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      LedgerFile.execute(connection, sql);
    }
  }

  private static List<Entry> entries(Ledger ledger) {
    List<Entry> entries = new ArrayList<>();
    ledger.forEach(entries::add);
    return entries;
  }

  private static Entry entry(String question, ChatAnswer answer) {
    return new Entry(
        Questions.IDENTITY,
        Questions.question(question),
        answer,
        new Dollars(123),
        Instant.parse("2026-11-22T20:00:00.123Z"),
        Duration.ofMillis(850),
        new Provenance("run-1", "banking", Provenance.API, "no competing models"));
  }
}
