package dev.retort.batch;

import dev.retort.api.ChatRequest;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import dev.retort.ledger.BatchBook;
import dev.retort.ledger.BatchBook.Batch;
import dev.retort.ledger.Budget;
import dev.retort.ledger.Claim;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Asks a model in batches, and waits for the answers.
///
/// Each step of a batch is in the ledger before the next one begins. A process that is killed, at
/// whatever moment, leaves batches that the next run takes up where they are; none is submitted
/// twice. Requests of batches under way do not keep others from asking them one by one.
public final class BatchRunner {

  private static final int FAULTS_IN_A_ROW = 5;

  private final BatchApi api;
  private final BatchFiles files;
  private final Ledger ledger;
  private final BatchBook book;
  private final BatchAccount account;
  private final BatchSettings settings;

  /// @param files writes requests and reads answers
  /// @param ledger stays open
  public BatchRunner(
      BatchApi api, BatchFiles files, Ledger ledger, BatchAccount account, BatchSettings settings) {
    this.api = api;
    this.files = files;
    this.ledger = ledger;
    this.book = ledger.batches();
    this.account = account;
    this.settings = settings;
  }

  /// Takes up the batches of the model that are under way, submits those of `requests` that are
  /// neither answered nor in one of them, as far as the budget goes, and waits until all are over.
  ///
  /// @param progress hears how far a batch is, each time that is asked
  /// @throws dev.retort.api.ApiException if the API refuses to go on, or keeps failing; the batches
  ///   stay as they are and can be taken up again
  /// @throws InterruptedException if the thread is interrupted; likewise
  public BatchOutcome run(Collection<ChatRequest> requests, Consumer<BatchStatus> progress)
      throws InterruptedException {
    Run run = new Run(progress);
    run.choose(requests);
    run.untilAllAreOver();
    return run.outcome();
  }

  /// Asks the API to stop all batches of the model that it works on. What is answered until then is
  /// paid for; [#run] collects it.
  public void cancel() throws InterruptedException {
    for (Batch batch : book.open(account.identity())) {
      if (batch.state() == BatchBook.State.SUBMITTED) {
        api.cancel(batch.remoteId());
      }
    }
  }

  /// One call of [#run].
  private final class Run {

    private final Consumer<BatchStatus> progress;
    private final SequencedMap<String, ChatRequest> unsent = new LinkedHashMap<>();
    private final Map<String, Budget.Reservation> reservations = new HashMap<>();
    private final List<BatchOutcome.Failure> failures = new ArrayList<>();
    private long answered;
    private int faults;

    Run(Consumer<BatchStatus> progress) {
      this.progress = progress;
    }

    void choose(Collection<ChatRequest> requests) {
      unsent.putAll(files.offered(book.unasked(account.identity(), requests), failures));
    }

    void untilAllAreOver() throws InterruptedException {
      List<Batch> open = book.open(account.identity());
      for (Batch batch : open) {
        reservations.put(batch.id(), account.budget().hold(batch.most()));
      }
      try {
        prepareWhatFits();
        for (open = book.open(account.identity());
            !open.isEmpty();
            open = book.open(account.identity())) {
          advance(open);
          prepareWhatFits();
          if (!book.open(account.identity()).isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(settings.poll().toNanos());
          }
        }
      } finally {
        reservations.values().forEach(Budget.Reservation::close);
      }
    }

    BatchOutcome outcome() {
      return new BatchOutcome(answered, failures, List.copyOf(unsent.values()));
    }

    private void prepareWhatFits() {
      SequencedMap<String, ChatRequest> next = nextThatFits();
      while (!next.isEmpty()) {
        Dollars most = account.most(next.values());
        Optional<Budget.Reservation> reservation = account.budget().tryReserve(most);
        if (reservation.isEmpty()) {
          return; // others spent from it meanwhile; there may be more of it later
        }
        Batch batch = book.prepare(account.identity(), account.provenance().run(), next, most);
        reservations.put(batch.id(), reservation.get());
        next.keySet().forEach(unsent::remove);
        next = nextThatFits();
      }
    }

    /// The first of the unsent requests that fit into one batch and into the budget.
    private SequencedMap<String, ChatRequest> nextThatFits() {
      SequencedMap<String, ChatRequest> next = new LinkedHashMap<>();
      Dollars most = Dollars.ZERO;
      long bytes = 0;
      for (Map.Entry<String, ChatRequest> entry : unsent.entrySet()) {
        most = most.plus(account.most(List.of(entry.getValue())));
        bytes += files.size(entry.getKey(), entry.getValue());
        boolean full = next.size() == settings.maxRequests() || bytes > settings.maxBytes();
        if (most.exceeds(account.budget().free()) || (full && !next.isEmpty())) {
          break;
        }
        next.put(entry.getKey(), entry.getValue());
      }
      return next;
    }

    private void advance(List<Batch> open) throws InterruptedException {
      for (Batch batch : open) {
        String claim = "batch " + batch.id();
        if (ledger.claim(claim) instanceof Claim.Granted) {
          try {
            // Another process may have worked on it until now.
            advance(book.current(batch));
            faults = 0;
          } catch (RetryableApiException e) {
            faults++;
            if (faults == FAULTS_IN_A_ROW) {
              throw e;
            }
          } finally {
            ledger.release(claim);
          }
        }
      }
    }

    private void advance(Batch batch) throws InterruptedException {
      switch (batch.state()) {
        case PREPARED -> upload(batch);
        case UPLOADED -> submit(batch);
        case SUBMITTED -> poll(batch);
        case COLLECTED -> {}
      }
    }

    private void upload(Batch batch) throws InterruptedException {
      SequencedMap<String, ChatRequest> requests = book.openRequests(batch);
      if (requests.isEmpty()) {
        end(new BatchCollection(book, batch, account), batch, "");
        return;
      }
      try {
        String file = api.upload(files.writeInput(batch.id(), requests));
        submit(book.uploaded(batch, file));
      } catch (PermanentApiException e) {
        giveUp(batch, e);
      }
    }

    private void submit(Batch batch) throws InterruptedException {
      try {
        // A process that was killed, or an answer that was lost, may have created it.
        Optional<BatchStatus> created = api.find(batch.id());
        BatchStatus status =
            created.isPresent() ? created.get() : api.create(batch.id(), batch.inputFile());
        book.submitted(batch, status.id());
        progress.accept(status);
      } catch (PermanentApiException e) {
        giveUp(batch, e);
      }
    }

    /// A batch that the API refuses costs nothing; its requests have failed. If it refuses all, it
    /// is not the batch's fault.
    private void giveUp(Batch batch, PermanentApiException e) {
      if (e.scope() == Scope.ALL) {
        throw e;
      }
      end(new BatchCollection(book, batch, account), batch, String.valueOf(e.getMessage()));
    }

    private void poll(Batch batch) throws InterruptedException {
      BatchStatus status = api.status(batch.remoteId());
      progress.accept(status);
      if (!status.isOver()) {
        return;
      }
      BatchCollection collection = new BatchCollection(book, batch, account);
      for (String file : status.files().toList()) {
        Path local = files.output(batch.id(), file);
        api.download(file, local);
        files.read(local, collection::take);
      }
      String problems = status.problems().isEmpty() ? "" : ": " + status.problems();
      end(
          collection,
          batch,
          "not answered: batch %s is %s%s".formatted(status.id(), status.status(), problems));
    }

    private void end(BatchCollection collection, Batch batch, String reason) {
      collection.end(reason);
      answered += collection.answers();
      failures.addAll(collection.failures());
      Optional.ofNullable(reservations.remove(batch.id()))
          .ifPresent(reservation -> reservation.settle(collection.paid()));
    }
  }
}
