package dev.retort.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.retort.ledger.Budget;
import dev.retort.ledger.CanonicalRequest;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchRunnerTest {

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
  void answersGoIntoTheLedgerAtTheBatchPrice() throws InterruptedException {
    List<String> heard = new ArrayList<>();

    BatchOutcome outcome =
        desk.run(BatchDesk.requests("a", "b"), status -> heard.add(status.status()));

    assertThat(outcome).isEqualTo(new BatchOutcome(2, List.of(), List.of()));
    assertThat(desk.answer("b")).contains("re: b");
    assertThat(heard).containsExactly("validating", "in_progress", "completed");
    Entry entry = desk.entries().getFirst();
    assertThat(entry.provenance()).isEqualTo(new Provenance("run", "", "batch batch_1", "terms"));
    // Half of 1000 · 1e-6 + 100 · 10e-6
    assertThat(entry.paid()).isEqualTo(Dollars.of("0.001"));
    assertThat(desk.server.file("file-1").lines().findFirst())
        .contains(
            "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-x\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}}"
                .formatted(CanonicalRequest.key(BatchDesk.IDENTITY, BatchDesk.request("a"))));
  }

  @Test
  void nothingIsAskedTwice() throws InterruptedException {
    desk.run(BatchDesk.requests("a", "b"));
    desk.run(BatchDesk.requests("a", "b", "c"));

    assertThat(desk.server.batches).hasSize(2);
    assertThat(desk.server.file(desk.inputOf("batch_2")).lines()).hasSize(1);
  }

  @Test
  void manyRequestsBecomeSeveralBatches() throws InterruptedException {
    BatchOutcome outcome = desk.run(BatchDesk.requests("a", "b", "c", "d", "e", "f", "g"));

    assertThat(outcome.answered()).isEqualTo(7);
    assertThat(desk.server.batches).hasSize(3);
  }

  @Test
  void requestsThatFailAreReportedAndCanBeAskedAgain() throws InterruptedException {
    desk.server.outcomes =
        text ->
            switch (text) {
              case "a" -> FakeBatches.answered(text);
              case "b" -> FakeBatches.failed("Too long.");
              default ->
                  "{\"custom_id\":\"%s\",\"response\":{\"status_code\":200,\"body\":{}},\"error\":null}";
            };

    BatchOutcome outcome = desk.run(BatchDesk.requests("a", "b", "c"));

    assertThat(outcome.answered()).isEqualTo(1);
    assertThat(outcome.failed())
        .extracting(failure -> failure.request().turns().getFirst().text(), this::shortReason)
        .containsExactlyInAnyOrder(
            tuple("b", "Too long."), tuple("c", "its answer cannot be read: no choices"));
    desk.server.outcomes = FakeBatches::answered;
    assertThat(desk.run(BatchDesk.requests("a", "b", "c")).answered()).isEqualTo(2);
  }

  @Test
  void whatAnExpiredBatchAnsweredIsKept() throws InterruptedException {
    desk.server.end = "expired";
    desk.server.outcomes = text -> text.equals("a") ? FakeBatches.answered(text) : "";

    BatchOutcome outcome = desk.run(BatchDesk.requests("a", "b"));

    assertThat(desk.answer("a")).contains("re: a");
    assertThat(outcome.failed())
        .containsExactly(
            new BatchOutcome.Failure(
                BatchDesk.request("b"), "not answered: batch batch_1 is expired"));
  }

  @Test
  void aBatchThatFailsAsAWholeSaysWhy() throws InterruptedException {
    desk.server.end = "failed";

    assertThat(desk.run(BatchDesk.requests("a")).failed())
        .containsExactly(
            new BatchOutcome.Failure(
                BatchDesk.request("a"),
                "not answered: batch batch_1 is failed: line 1: This line is not parseable."));
  }

  @Test
  void aCancelledBatchIsCollected() throws InterruptedException {
    BatchRunner runner = desk.runner(desk.ledger);
    List<String> heard = new ArrayList<>();

    BatchOutcome outcome =
        runner.run(
            BatchDesk.requests("a"),
            status -> {
              heard.add(status.status());
              if (status.status().equals("in_progress")) {
                cancel(runner);
              }
            });

    assertThat(heard).endsWith("cancelled");
    assertThat(outcome.answered()).isEqualTo(1);
  }

  @Test
  void onlyWhatFitsIntoTheBudgetIsSent() throws InterruptedException {
    // In fact 0.001 each.
    Dollars most = desk.account().most(BatchDesk.requests("a"));
    desk.budget = new Budget(most.plus(most), Dollars.ZERO);

    BatchOutcome outcome = desk.run(BatchDesk.requests("a", "b", "c"));

    assertThat(outcome.answered()).isEqualTo(2);
    assertThat(outcome.unsent()).containsExactly(BatchDesk.request("c"));
    assertThat(desk.budget.paid()).isEqualTo(Dollars.of("0.002"));
  }

  @Test
  void aRequestThatTheApiDoesNotOfferIsNotSent() throws InterruptedException {
    BatchOutcome outcome = desk.run(BatchDesk.requests("refuse", "a"));

    assertThat(outcome.answered()).isEqualTo(1);
    assertThat(outcome.failed())
        .containsExactly(new BatchOutcome.Failure(BatchDesk.request("refuse"), "not offered"));
  }

  private String shortReason(BatchOutcome.Failure failure) {
    return failure.reason().replaceFirst(" at \\S+ ", " ");
  }

  private static void cancel(BatchRunner runner) {
    try {
      runner.cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
