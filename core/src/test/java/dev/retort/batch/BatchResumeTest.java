package dev.retort.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.PermanentApiException;
import dev.retort.api.RetryableApiException;
import dev.retort.ledger.BatchBook;
import dev.retort.ledger.Budget;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of batches whose process, connection or API fails.
class BatchResumeTest {

  @TempDir Path folder;
  private BatchDesk desk;

  @BeforeEach
  void open() throws IOException {
    desk = new BatchDesk(folder);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void aBatchIsTakenUpAfterItWasSubmitted() throws InterruptedException {
    desk.dieWhen("in_progress");
    List<String> heard = new ArrayList<>();

    BatchOutcome outcome =
        desk.run(BatchDesk.requests("a", "b"), status -> heard.add(status.status()));

    assertThat(outcome.answered()).isEqualTo(2);
    assertThat(heard).containsExactly("completed");
    assertThat(desk.server.count("POST /batches")).isEqualTo(1);
    assertThat(desk.server.count("POST /files")).isEqualTo(1);
  }

  @Test
  void aBatchIsTakenUpWithoutItsRequestsBeingNamedAgain() throws InterruptedException {
    desk.dieWhen("validating");

    assertThat(desk.run(List.of()).answered()).isEqualTo(2);
    assertThat(desk.answer("a")).contains("re: a");
  }

  @Test
  void aBatchWhoseCreationWasNotHeardOfIsFound() throws InterruptedException {
    desk.run(BatchDesk.requests("another"));
    desk.server.lost.add("POST /batches");

    assertThat(desk.run(BatchDesk.requests("a")).answered()).isEqualTo(1);
    assertThat(desk.server.count("POST /batches")).isEqualTo(2);
    assertThat(desk.server.batches).hasSize(2);
  }

  @Test
  void aBatchThatWasUploadedIsNotUploadedAgain() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      desk.server.fault("POST /batches", FakeBatches.status(500, "try later"));
    }
    assertThatThrownBy(() -> desk.run(BatchDesk.requests("a")))
        .isInstanceOf(RetryableApiException.class);
    desk.reopen();

    assertThat(desk.run(BatchDesk.requests("a")).answered()).isEqualTo(1);
    assertThat(desk.server.count("POST /files")).isEqualTo(1);
  }

  @Test
  void aCollectionThatWasCutGoesOnWithoutPayingTwice() throws InterruptedException {
    desk.dieWhen("in_progress");
    BatchBook book = desk.ledger.batches();
    BatchBook.Batch batch = book.open(BatchDesk.IDENTITY).getFirst();
    ChatAnswer taken =
        new ChatAnswer("re: a", Finish.STOP, new Usage(1000, 0, 100), "m", "", List.of());
    book.answered(
        batch,
        List.of(
            new Entry(
                BatchDesk.IDENTITY,
                BatchDesk.request("a"),
                taken,
                Dollars.of("0.001"),
                Instant.now(),
                Duration.ZERO,
                desk.account().provenance())));
    desk.reopen();

    desk.run(List.of());

    assertThat(desk.entries()).hasSize(2);
    assertThat(desk.ledger.paid("run")).isEqualTo(Dollars.of("0.002"));
  }

  @Test
  void passingFaultsOfReadingAreWaitedOut() throws InterruptedException {
    desk.server.fault("GET /batches/batch_1", FakeBatches.status(503, "busy"));
    desk.server.fault("GET /batches/batch_1", FakeBatches.status(429, "slow down"));
    desk.server.fault("GET /files/file-2/content", FakeBatches.status(500, "oops"));

    assertThat(desk.run(BatchDesk.requests("a")).answered()).isEqualTo(1);
  }

  @Test
  void aBatchThatIsRefusedHasFailedButARefusalOfAllEndsTheRun() throws InterruptedException {
    desk.server.fault("POST /batches", FakeBatches.status(400, "No such model."));

    assertThat(desk.run(BatchDesk.requests("a")).failed())
        .extracting(BatchOutcome.Failure::reason)
        .containsExactly(desk.server.server.url("/v1/batches") + " answered 400: No such model.");
    desk.key = "sk-wrong-9876543210";
    assertThatThrownBy(() -> desk.run(BatchDesk.requests("a")))
        .isInstanceOf(PermanentApiException.class)
        .hasMessageContaining("answered 401: Incorrect API key provided: Bearer [key]")
        .hasMessageNotContaining("9876543210");
    desk.key = FakeBatches.KEY;
    assertThat(desk.run(BatchDesk.requests("a")).answered()).isEqualTo(1);
  }

  @Test
  void processesThatAskTheSameSubmitItOnce() throws Exception {
    try (Ledger other = Ledger.open(desk.ledger.path());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<BatchOutcome>> runs =
          List.of(
              () -> desk.runner(desk.ledger).run(BatchDesk.requests("a", "b", "c", "d"), _ -> {}),
              () -> desk.runner(other).run(BatchDesk.requests("d", "c", "b", "a"), _ -> {}));
      long answered = 0;
      for (Future<BatchOutcome> outcome : threads.invokeAll(runs)) {
        answered += outcome.get().answered();
      }

      assertThat(answered).isEqualTo(4);
      assertThat(desk.entries()).hasSize(4);
      assertThat(desk.ledger.paid("run")).isEqualTo(Dollars.of("0.004"));
    }
  }

  @Test
  void whatWasSentBeforeCountsAgainstTheBudget() throws InterruptedException {
    desk.dieWhen("in_progress");
    Dollars most = desk.account().most(BatchDesk.requests("a"));
    desk.budget = new Budget(most.plus(most), desk.ledger.paid("run"));
    desk.server.fault("GET /batches/batch_1", FakeBatches.status(503, "busy"));

    BatchOutcome outcome = desk.run(BatchDesk.requests("c"));

    assertThat(outcome.answered()).isEqualTo(2);
    assertThat(outcome.unsent()).containsExactly(BatchDesk.request("c"));
  }
}
