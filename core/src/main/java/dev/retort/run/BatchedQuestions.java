package dev.retort.run;

import dev.retort.api.ChatRequest;
import dev.retort.batch.BatchAccount;
import dev.retort.batch.BatchDoor;
import dev.retort.batch.BatchFiles;
import dev.retort.batch.BatchOutcome;
import dev.retort.batch.BatchRunner;
import dev.retort.batch.BatchSettings;
import dev.retort.batch.BatchStatus;
import dev.retort.ledger.Ledger;
import dev.retort.recipe.TeacherSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;

/// Asks a teacher behind an API in batches, where its recipe says so, so that the ledger knows the
/// answers when it is asked one by one. A process that waits for a batch may be stopped: the next
/// one takes it up.
///
/// @param paying on whose account
/// @param ledger where answers and batches are kept
record BatchedQuestions(Paying paying, Ledger ledger) {

  /// Has `teacher` answer `requests`, as they are sent, unless the ledger knows the answers.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  void ask(TeacherSettings teacher, BatchSettings settings, Collection<ChatRequest> requests)
      throws IOException {
    RunContext context = paying.context();
    BatchDoor door = context.apis().batches().open(teacher.address(), teacher.reached());
    Path folder = Files.createDirectories(context.workspace().batches());
    BatchRunner runner =
        new BatchRunner(
            door.api(), new BatchFiles(door.wire(), folder), ledger, account(teacher), settings);
    context.listener().phaseStarted("batches", requests.size(), "requests");
    BatchOutcome outcome = paying.asking(() -> runner.run(requests, this::heard));
    context
        .listener()
        .phaseEnded(
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
            context
                .listener()
                .noted("in a batch a request failed, and is asked by itself: " + failure.reason()));
  }

  private BatchAccount account(TeacherSettings teacher) {
    return new BatchAccount(
        teacher.address().text(),
        teacher.paidInBatches(),
        paying.budget(ledger),
        paying.provenance(teacher.licence()));
  }

  /// The API goes on with its batches when nobody waits for them.
  private void heard(BatchStatus status) {
    paying.context().listener().advanced(status.completed() + status.failed());
    if (paying.isStopped()) {
      throw RunInterruptedException.whileAsking(paying.context().workspace().ledger());
    }
  }
}
