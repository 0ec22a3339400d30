package dev.retort.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.ledger.BatchBook.Batch;
import dev.retort.ledger.BatchBook.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchBookTest {

  private static final ChatRequest ONE = Questions.question("one");
  private static final ChatRequest TWO = Questions.question("two");

  @TempDir Path folder;
  private Ledger ledger;
  private BatchBook book;

  @BeforeEach
  void open() {
    ledger = Ledger.open(folder.resolve("ledger.sqlite"));
    book = ledger.batches();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void everyStepIsKept() {
    Batch prepared = prepare(ONE, TWO);
    Batch submitted = book.submitted(book.uploaded(prepared, "file-1"), "batch_1");
    close();
    open();

    assertThat(book.open(Questions.IDENTITY)).containsExactly(submitted);
    assertThat(submitted)
        .isEqualTo(
            new Batch(
                prepared.id(),
                State.SUBMITTED,
                "file-1",
                "batch_1",
                Dollars.of("0.5"),
                prepared.preparedAt()));
    assertThat(book.openRequests(submitted)).containsValues(ONE, TWO);
    assertThat(book.open("another model")).isEmpty();
  }

  @Test
  void aRequestIsInOneBatchAtATime() {
    Batch first = prepare(ONE);
    Batch second = prepare(ONE, TWO);

    assertThat(book.openRequests(second)).containsOnlyKeys(key(TWO));
    book.failed(first, Map.of(key(ONE), "too long"));
    assertThat(unasked(ONE, TWO)).containsOnlyKeys(key(ONE));
  }

  @Test
  void answersAreTakenOnce() {
    Batch batch = prepare(ONE, TWO);
    book.answered(batch, List.of(entry(ONE)));
    book.answered(batch, List.of(entry(ONE)));
    book.failed(batch, Map.of(key(ONE), "late"));

    assertThat(ledger.paid("run")).isEqualTo(new Dollars(7));
    assertThat(book.openRequests(batch)).containsOnlyKeys(key(TWO));
    assertThat(unasked(ONE)).isEmpty();
  }

  @Test
  void anAnswerThatCameAnotherWayMeanwhileCountsAndBothWerePaid() {
    Batch batch = prepare(ONE);
    ledger.record(entry(ONE));
    book.answered(batch, List.of(entry(ONE)));

    assertThat(ledger.paid("run")).isEqualTo(new Dollars(14));
  }

  @Test
  void aCollectedBatchIsNoLongerOpen() {
    Batch batch = prepare(ONE);
    book.collected(batch);

    assertThat(book.open(Questions.IDENTITY)).isEmpty();
    assertThat(book.current(batch).state()).isEqualTo(State.COLLECTED);
  }

  private Batch prepare(ChatRequest... requests) {
    SequencedMap<String, ChatRequest> byKey = new LinkedHashMap<>();
    for (ChatRequest request : requests) {
      byKey.put(key(request), request);
    }
    return book.prepare(Questions.IDENTITY, "run", byKey, Dollars.of("0.5"));
  }

  private SequencedMap<String, ChatRequest> unasked(ChatRequest... requests) {
    return book.unasked(Questions.IDENTITY, List.of(requests));
  }

  private static String key(ChatRequest request) {
    return CanonicalRequest.key(Questions.IDENTITY, request);
  }

  private static Entry entry(ChatRequest request) {
    return new Entry(
        Questions.IDENTITY,
        request,
        Questions.answer("yes", new Usage(1, 0, 1)),
        new Dollars(7),
        Instant.EPOCH,
        Duration.ZERO,
        Provenance.of("run", "", ""));
  }
}
