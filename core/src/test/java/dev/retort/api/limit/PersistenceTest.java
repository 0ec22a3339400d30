package dev.retort.api.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retort.api.ChatModel;
import dev.retort.api.FakeTime;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import dev.retort.api.ScriptedModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PersistenceTest {

  private static final Duration REST = Duration.ofSeconds(30);

  private final FakeTime time = new FakeTime();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void pausesDoubleAndVary() throws InterruptedException {
    assertThat(ask(settings(8, 100), fault(), fault(), fault(), fault())).isEqualTo("fine");

    List<Duration> pauses = time.pauses();
    assertThat(pauses).hasSize(4);
    for (int i = 0; i < 4; i++) {
      double wanted = 1000 << i;
      assertThat((double) pauses.get(i).toMillis()).isBetween(0.74 * wanted, 1.26 * wanted);
    }
    assertThat(pauses).isNotEqualTo(List.of(1, 2, 4, 8).stream().map(Duration::ofSeconds).toList());
  }

  @Test
  void pausesDoNotGrowWithoutEnd() throws InterruptedException {
    RuntimeException[] faults =
        IntStream.range(0, 9).mapToObj(_ -> fault()).toArray(RuntimeException[]::new);

    ask(settings(10, 100), faults);

    assertThat(time.pauses().getLast()).isLessThan(Duration.ofMillis(10_000 * 126 / 100));
  }

  @Test
  void whatTheApiAsksForIsTheLeastThatIsWaited() throws InterruptedException {
    for (int i = 0; i < 20; i++) { // jitter must not shorten it
      ask(settings(8, 100), new RetryableApiException("wait", Optional.of(Duration.ofSeconds(20))));
    }

    assertThat(time.pauses())
        .hasSize(20)
        .allSatisfy(
            pause -> assertThat(pause).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(26)));
  }

  @Test
  void attemptsHaveAnEnd() {
    RetryableApiException failure =
        catchThrowableOfType(
            RetryableApiException.class,
            () -> ask(settings(3, 100), fault(), fault(), fault(), fault()));

    assertThat(failure).hasMessage("a fault; gave up after 3 attempts");
    assertThat(calls).hasValue(3);
  }

  @Test
  void patienceHasAnEnd() {
    Persistence.Settings settings =
        new Persistence.Settings(
            50, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(12), 100, REST);
    RuntimeException[] faults =
        IntStream.range(0, 50).mapToObj(_ -> fault()).toArray(RuntimeException[]::new);

    assertThatThrownBy(() -> ask(settings, faults)).hasMessageContaining("gave up after");
    assertThat(time.passed()).isLessThanOrEqualTo(Duration.ofSeconds(12));
    assertThat(calls.get()).isBetween(4, 5);
  }

  @Test
  void aPauseBeyondPatienceIsNotBegun() {
    assertThatThrownBy(() ->
            ask(
                settings(8, 100),
                new RetryableApiException("wait", Optional.of(Duration.ofHours(2)))))
        .isInstanceOf(RetryableApiException.class)
        .hasMessage("wait; gave up after 1 attempt");
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void whatIsRefusedIsNotAskedAgain() {
    for (Scope scope : Scope.values()) {
      calls.set(0);
      assertThatThrownBy(() -> ask(settings(8, 100), new PermanentApiException("no", scope)))
          .hasMessage("no");
      assertThat(calls).hasValue(1);
    }
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void anApiThatIsDownRestsAndIsTriedAgain() throws InterruptedException {
    Queue<RuntimeException> faults = new ArrayDeque<>(List.of(fault(), fault(), fault()));
    ChatModel model = persistent(settings(1, 3), faults);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> model.answer(ScriptedModel.asks("what")))
          .isInstanceOf(RetryableApiException.class);
    }
    assertThat(time.pauses()).isEmpty();

    model.answer(ScriptedModel.asks("what"));
    assertThat(time.pauses()).containsExactly(REST);

    model.answer(ScriptedModel.asks("what"));
    assertThat(time.pauses()).hasSize(1);
  }

  @Test
  void anApiThatStaysDownConcernsAll() {
    Queue<RuntimeException> faults = new ArrayDeque<>();
    IntStream.range(0, 100).forEach(_ -> faults.add(fault()));
    ChatModel model = persistent(settings(50, 3), faults);

    assertThatThrownBy(() -> model.answer(ScriptedModel.asks("what")))
        .isInstanceOfSatisfying(
            PermanentApiException.class, e -> assertThat(e.scope()).isEqualTo(Scope.ALL))
        .hasMessage(
            "test:scripted is down: 3 requests in a row failed, and after 100 s none succeeds;"
                + " run again later; the last failure was: a fault");
    assertThat(time.passed()).isLessThanOrEqualTo(Duration.ofSeconds(100));
  }

  @Test
  void anApiThatAnswersOrSaysWhenIsNotDown() throws InterruptedException {
    Queue<RuntimeException> faults = new ArrayDeque<>();
    for (int i = 0; i < 5; i++) {
      faults.add(new RetryableApiException("later", Optional.of(Duration.ofSeconds(1))));
    }
    for (int i = 0; i < 2; i++) {
      faults.add(fault());
    }
    ChatModel model = persistent(settings(1, 3), faults);
    for (int i = 0; i < 7; i++) {
      assertThatThrownBy(() -> model.answer(ScriptedModel.asks("what")))
          .isInstanceOf(RetryableApiException.class);
    }
    model.answer(ScriptedModel.asks("what"));
    faults.add(fault());
    faults.add(fault());
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> model.answer(ScriptedModel.asks("what")))
          .isInstanceOf(RetryableApiException.class);
    }

    model.answer(ScriptedModel.asks("what"));

    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void onlyOneTriesWhetherItIsBack() throws InterruptedException {
    Breaker breaker = new Breaker(1, REST, time);
    assertThatThrownBy(() ->
            breaker.run(() -> {
              throw fault();
            }))
        .hasMessage("a fault");
    time.pass(REST);
    Patience patience = new Patience(time, Duration.ofSeconds(1));
    assertThat(breaker.admits(patience)).isTrue();

    assertThat(breaker.admits(patience)).isFalse(); // while the first one is still trying

    breaker.run(() -> "back");
    assertThat(breaker.admits(patience)).isTrue();
    assertThat(breaker.admits(patience)).isTrue();
  }

  private String ask(Persistence.Settings settings, RuntimeException... faults)
      throws InterruptedException {
    return persistent(settings, new ArrayDeque<>(List.of(faults)))
        .answer(ScriptedModel.asks("what"))
        .text();
  }

  private ChatModel persistent(Persistence.Settings settings, Queue<RuntimeException> faults) {
    ScriptedModel model =
        new ScriptedModel(request -> {
          calls.incrementAndGet();
          RuntimeException fault = faults.poll();
          if (fault != null) {
            throw fault;
          }
          return ScriptedModel.says("fine");
        });
    return new PersistentChatModel(model, new Persistence(settings, time));
  }

  private static Persistence.Settings settings(int attempts, int failuresInRow) {
    return new Persistence.Settings(
        attempts,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(100),
        failuresInRow,
        REST);
  }

  private static RetryableApiException fault() {
    return new RetryableApiException("a fault", Optional.empty());
  }
}
