package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Answers from a ledger what was answered before, and asks a model for the rest: no question is
/// paid for twice.
///
/// A question that several threads ask at once is sent once; one that another process is asking is
/// waited for. An answer is in the ledger before it is returned. Writing it takes a few
/// milliseconds, which threads share: to keep an API busy, use more threads than it takes requests
/// at once.
public final class LedgeredChatModel implements ChatModel {

  private static final long POLL_MILLIS = 100;

  private final ChatModel model;
  private final Ledger ledger;
  private final Price price;
  private final Provenance provenance;
  private final Map<String, CountDownLatch> asking = new ConcurrentHashMap<>();
  private final LongAdder known = new LongAdder();
  private final LongAdder asked = new LongAdder();

  /// @param model who is asked what is not known; closed with this one
  /// @param ledger stays open when this model is closed
  /// @param price what the model's tokens cost
  /// @param provenance what is noted of new answers
  public LedgeredChatModel(ChatModel model, Ledger ledger, Price price, Provenance provenance) {
    this.model = model;
    this.ledger = ledger;
    this.price = price;
    this.provenance = provenance;
  }

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public String identity() {
    return model.identity();
  }

  /// @throws LedgerException if the ledger cannot be read or written
  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    String key = CanonicalRequest.key(model.identity(), request);
    while (true) {
      CountDownLatch mine = new CountDownLatch(1);
      CountDownLatch other = asking.putIfAbsent(key, mine);
      if (other != null) {
        other.await();
        continue; // it is known now, unless the other thread failed
      }
      try {
        return answerOnce(key, request);
      } finally {
        asking.remove(key);
        mine.countDown();
      }
    }
  }

  private ChatAnswer answerOnce(String key, ChatRequest request) throws InterruptedException {
    // Reading first: known answers take no write lock.
    Claim claim = ledger.find(key).<Claim>map(Claim.Known::new).orElseGet(() -> ledger.claim(key));
    while (claim instanceof Claim.Held) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      claim = ledger.claim(key);
    }
    if (claim instanceof Claim.Known(ChatAnswer answer)) {
      known.increment();
      return answer;
    }
    return ask(key, request);
  }

  private ChatAnswer ask(String key, ChatRequest request) throws InterruptedException {
    long start = System.nanoTime();
    ChatAnswer answer;
    try {
      answer = model.answer(request);
    } catch (InterruptedException | RuntimeException e) {
      release(key, e);
      throw e;
    }
    asked.increment();
    Duration latency = Duration.ofNanos(System.nanoTime() - start);
    Dollars paid = price.of(answer.usage());
    return ledger.record(
        new Entry(model.identity(), request, answer, paid, Instant.now(), latency, provenance));
  }

  private void release(String key, Exception why) {
    try {
      ledger.release(key);
    } catch (LedgerException e) {
      why.addSuppressed(e);
    }
  }

  /// Answers that were in the ledger already.
  public long known() {
    return known.sum();
  }

  /// Answers that the model gave and was paid for.
  public long asked() {
    return asked.sum();
  }

  @Override
  public void close() {
    model.close();
  }
}
