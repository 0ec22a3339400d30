package dev.retort.batch;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.batch.BatchFiles.Outcome;
import dev.retort.ledger.BatchBook;
import dev.retort.ledger.BatchBook.Batch;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Takes the outcomes of one batch into the ledger, in portions. What was taken before, by a
/// process that was killed over it, is left as it is.
final class BatchCollection {

  private static final int PORTION = 500;

  private final BatchBook book;
  private final Batch batch;
  private final BatchAccount account;
  private final SequencedMap<String, ChatRequest> open;
  private final List<Entry> answered = new ArrayList<>();
  private final Map<String, String> failed = new LinkedHashMap<>();
  private final List<BatchOutcome.Failure> failures = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private Dollars paid = Dollars.ZERO;
  private long answers;

  BatchCollection(BatchBook book, Batch batch, BatchAccount account) {
    this.book = book;
    this.batch = batch;
    this.account = account;
    this.open = book.openRequests(batch);
  }

  void take(Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(String key, ChatAnswer answer) -> answer(key, answer);
      case Outcome.Failed(String key, String reason) -> fail(key, reason);
      case Outcome.Unreadable(String reason) -> unreadable.add(reason);
    }
    if (answered.size() + failed.size() >= PORTION) {
      flush();
    }
  }

  /// Ends the batch: what has no outcome has failed.
  void end(String reason) {
    String why = unreadable.isEmpty() ? reason : reason + "; " + String.join(", ", unreadable);
    List.copyOf(open.keySet()).forEach(key -> fail(key, why));
    flush();
    book.collected(batch);
  }

  private void answer(String key, ChatAnswer answer) {
    ChatRequest request = open.remove(key);
    if (request == null) {
      return; // it was taken before
    }
    Instant now = Instant.now();
    Dollars cost = account.price().of(answer.usage());
    Duration latency = Duration.between(batch.preparedAt(), now);
    answered.add(
        new Entry(
            account.identity(),
            request,
            answer,
            cost,
            now,
            latency,
            account.provenance().from("batch " + batch.remoteId())));
    paid = paid.plus(cost);
    answers++;
  }

  private void fail(String key, String reason) {
    ChatRequest request = open.remove(key);
    if (request != null) {
      failed.put(key, reason);
      failures.add(new BatchOutcome.Failure(request, reason));
    }
  }

  private void flush() {
    book.answered(batch, answered);
    book.failed(batch, failed);
    answered.clear();
    failed.clear();
  }

  /// What the answers cost that were taken here.
  Dollars paid() {
    return paid;
  }

  /// How many answers were taken here.
  long answers() {
    return answers;
  }

  /// The requests that failed.
  List<BatchOutcome.Failure> failures() {
    return List.copyOf(failures);
  }
}
