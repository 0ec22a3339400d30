package dev.retort.run;

import dev.retort.api.ChatRequest;
import dev.retort.batch.BatchAccount;
import dev.retort.batch.BatchDoor;
import dev.retort.batch.BatchFiles;
import dev.retort.batch.BatchOutcome;
import dev.retort.batch.BatchRunner;
import dev.retort.batch.BatchSettings;
import dev.retort.batch.BatchStatus;
import dev.retort.ledger.Budget;
import dev.retort.ledger.Ledger;
import dev.retort.remote.RemoteModel;
import dev.retort.remote.RemoteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Asks a teacher behind an API in batches, so that the ledger knows the answers when it is asked
/// one by one. A process that waits for a batch may be stopped: the next one takes it up.
///
/// @param paying on whose account
/// @param runner submits the batches and waits for them
record BatchedQuestions(Paying paying, BatchRunner runner) {

  /// Reaches `remote` in batches, if its settings say so.
  ///
  /// @param ledger where answers and batches are kept
  /// @param budget what they may cost
  static Optional<BatchedQuestions> open(
      Paying paying, RemoteModel remote, Ledger ledger, Budget budget) throws IOException {
    RemoteSettings settings = remote.settings();
    if (settings.batch().isEmpty()) {
      return Optional.empty();
    }
    RunContext context = paying.context();
    BatchDoor door = context.apis().batches().open(remote.model(), settings.reached());
    Path folder = Files.createDirectories(context.workspace().batches());
    BatchAccount account =
        new BatchAccount(
            remote.identity(),
            settings.paidInBatches(),
            budget,
            paying.provenance(settings.licence()));
    BatchFiles files = new BatchFiles(door.wire(), folder);
    BatchSettings batch = settings.batch().get();
    return Optional.of(
        new BatchedQuestions(paying, new BatchRunner(door.api(), files, ledger, account, batch)));
  }

  /// Has the teacher answer `requests`, as they are sent, unless the ledger knows the answers.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  void ask(Collection<ChatRequest> requests) {
    RunListener listener = paying.context().listener();
    listener.phaseStarted("batches", requests.size(), "requests");
    BatchOutcome outcome = paying.asking(() -> runner.run(requests, this::heard));
    listener.phaseEnded(
        "batches",
        String.format(
            Locale.ROOT,
            "%,d answered, %,d failed, %,d beyond the budget",
            outcome.answered(),
            outcome.failed().size(),
            outcome.unsent().size()));
    outcome.failed().stream()
        .limit(1)
        .forEach(failure ->
            listener.noted(
                "in a batch a request failed, and is asked by itself: " + failure.reason()));
  }

  /// The API goes on with its batches when nobody waits for them.
  private void heard(BatchStatus status) {
    paying.context().listener().advanced(status.completed() + status.failed());
    if (paying.isStopped()) {
      throw RunInterruptedException.whileAsking(paying.context().workspace().ledger());
    }
  }
}
