package dev.retort.api.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.FakeTime;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import dev.retort.api.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LimitsTest {

  private final FakeTime time = new FakeTime();

  @Test
  void requestsOfAMinuteAreSpreadOverIt() throws InterruptedException {
    ChatModel model = limited(Optional.of(120), Optional.empty(), new Usage(1, 0, 1));

    ask(model, 2); // a second's worth
    assertThat(time.passed()).isZero();

    ask(model, 120);
    assertThat(time.passed()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(61));
  }

  @Test
  void withoutALimitNobodyWaits() throws InterruptedException {
    ask(limited(Optional.empty(), Optional.empty(), new Usage(9, 0, 9)), 10_000);

    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void tokensAreEstimatedBeforeAndCorrectedAfter() throws InterruptedException {
    // Each is estimated at 12 bytes / 4 + 4 for the turn + 93 to answer = 100 tokens.
    ChatRequest request =
        ChatRequest.of(List.of(ChatTurn.user("twelve bytes")), Decoding.greedy(93));
    assertThat(TokenEstimate.total(request)).isEqualTo(100);

    ask(limited(Optional.empty(), Optional.of(6000), new Usage(60, 0, 40)), request, 61);
    Duration asEstimated = time.passed();
    ask(limited(Optional.empty(), Optional.of(6000), new Usage(10, 0, 10)), request, 61);
    Duration whenLess = time.passed().minus(asEstimated);
    ask(limited(Optional.empty(), Optional.of(6000), new Usage(100, 0, 100)), request, 61);
    Duration whenMore = time.passed().minus(asEstimated).minus(whenLess);

    assertThat(asEstimated).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(61));
    assertThat(whenLess).isBetween(Duration.ofSeconds(11), Duration.ofSeconds(14));
    assertThat(whenMore).isBetween(Duration.ofSeconds(118), Duration.ofSeconds(122));
  }

  @Test
  void anApiThatDoesNotCountIsTakenAtTheEstimate() throws InterruptedException {
    ChatRequest request =
        ChatRequest.of(List.of(ChatTurn.user("twelve bytes")), Decoding.greedy(93));

    ask(limited(Optional.empty(), Optional.of(6000), Usage.NONE), request, 61);

    assertThat(time.passed()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(61));
  }

  @Test
  void aRequestOfMoreThanASecondsWorthIsWaitedFor() throws InterruptedException {
    ChatRequest large = ChatRequest.of(List.of(ChatTurn.user("")), Decoding.greedy(5996));

    ask(limited(Optional.empty(), Optional.of(6000), new Usage(3000, 0, 3000)), large, 2);

    assertThat(time.passed()).isBetween(Duration.ofSeconds(118), Duration.ofSeconds(120));
  }

  @Test
  void noMoreAreUnderWayThanAllowed() throws InterruptedException {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch allowed = new CountDownLatch(3);
    ScriptedModel inner =
        new ScriptedModel(request -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          allowed.countDown();
          allowed.await(); // until as many are under way as may be
          underWay.decrementAndGet();
          return ScriptedModel.says("");
        });
    ChatModel model = new LimitedChatModel(inner, limits(3, Optional.empty(), Optional.empty()));
    CountDownLatch done = new CountDownLatch(40);

    for (int i = 0; i < 40; i++) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              ask(model, 5);
              done.countDown();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }
    done.await();

    assertThat(most).hasValue(3);
  }

  @Test
  void whatTheApiAsksOneToWaitAllWait() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    ScriptedModel inner =
        new ScriptedModel(request -> {
          if (calls.incrementAndGet() == 1) {
            throw new RetryableApiException("slow down", Optional.of(Duration.ofSeconds(20)));
          }
          return ScriptedModel.says("");
        });
    ChatModel model = new LimitedChatModel(inner, limits(4, Optional.empty(), Optional.empty()));
    assertThatThrownBy(() -> ask(model, 1)).hasMessage("slow down");
    time.pass(Duration.ofSeconds(5));

    ask(model, 3);

    assertThat(time.pauses()).containsExactly(Duration.ofSeconds(15));
  }

  @Test
  void aPauseBeyondPatienceConcernsAll() {
    AtomicInteger calls = new AtomicInteger();
    ScriptedModel inner =
        new ScriptedModel(request -> {
          calls.incrementAndGet();
          throw new RetryableApiException("tomorrow", Optional.of(Duration.ofHours(9)));
        });
    ChatModel model = new LimitedChatModel(inner, limits(4, Optional.empty(), Optional.empty()));
    assertThatThrownBy(() -> ask(model, 1)).hasMessage("tomorrow");

    assertThatThrownBy(() -> ask(model, 1))
        .isInstanceOfSatisfying(
            PermanentApiException.class, e -> assertThat(e.scope()).isEqualTo(Scope.ALL))
        .hasMessage(
            "test:scripted asks for a pause of 32400 s, which is more than the 60 s of patience;"
                + " run again then");
    assertThat(calls).hasValue(1);
    assertThat(time.pauses()).isEmpty();
  }

  private ChatModel limited(Optional<Integer> requests, Optional<Integer> tokens, Usage usage) {
    ScriptedModel inner =
        new ScriptedModel(
            request -> new ChatAnswer("", Finish.STOP, usage, "scripted", "", List.of()));
    return new LimitedChatModel(inner, limits(8, requests, tokens));
  }

  private Limits limits(int concurrency, Optional<Integer> requests, Optional<Integer> tokens) {
    return new Limits(
        new Limits.Settings(concurrency, requests, tokens, Duration.ofSeconds(60)), time);
  }

  private static void ask(ChatModel model, int times) throws InterruptedException {
    ask(model, ScriptedModel.asks("what"), times);
  }

  private static void ask(ChatModel model, ChatRequest request, int times)
      throws InterruptedException {
    for (int i = 0; i < times; i++) {
      model.answer(request);
    }
  }
}
