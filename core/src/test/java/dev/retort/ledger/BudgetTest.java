package dev.retort.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.RetryableApiException;
import dev.retort.api.ScriptedModel;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetTest {

  /// A dollar for a thousand tokens, in or out.
  private static final Price PRICE =
      new Price(new BigDecimal(1000), new BigDecimal(1000), new BigDecimal(1000));

  @Test
  void aRequestThatMightPassTheBudgetIsNotSent() throws InterruptedException {
    Budget budget = new Budget(Dollars.of("1.00"), Dollars.of("0.70"));

    assertThatThrownBy(() -> budget.reserve(Dollars.of("0.31")))
        .isInstanceOf(BudgetSpentException.class)
        .hasMessage(
            "the budget of $1.00 is spent: $0.700 are paid and the next request may cost $0.310; all answers are kept; run the same command with a larger --budget to go on");
    try (Budget.Reservation exact = budget.reserve(Dollars.of("0.30"))) {
      exact.settle(Dollars.of("0.10"));
    }
    assertThat(budget.paid()).isEqualTo(Dollars.of("0.80"));
  }

  @Test
  void whatIsNotSettledIsGivenBack() throws InterruptedException {
    Budget budget = new Budget(Dollars.of("1"), Dollars.ZERO);

    budget.reserve(Dollars.of("1")).close();
    budget.reserve(Dollars.of("1")).close();

    assertThat(budget.paid()).isEqualTo(Dollars.ZERO);
  }

  @Test
  void aReservationIsSettledOnce() throws InterruptedException {
    Budget.Reservation reservation = Budget.unlimited().reserve(Dollars.of("1"));
    reservation.settle(Dollars.of("1"));

    assertThatThrownBy(() -> reservation.settle(Dollars.of("1")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRequestWaitsForThoseInFlightIfItMayFitAfterThem() throws Exception {
    Budget budget = new Budget(Dollars.of("1"), Dollars.ZERO);
    Budget.Reservation first = budget.reserve(Dollars.of("0.80"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch started = new CountDownLatch(1);
      Future<Dollars> second =
          threads.submit(() -> {
            started.countDown();
            try (Budget.Reservation waited = budget.reserve(Dollars.of("0.80"))) {
              waited.settle(Dollars.of("0.05"));
            }
            return budget.paid();
          });
      started.await();
      first.settle(Dollars.of("0.10"));

      assertThat(second.get()).isEqualTo(Dollars.of("0.15"));
    }
  }

  @Test
  void whatWasSentBeforeIsHeldEvenBeyondTheLimit() throws InterruptedException {
    Budget budget = new Budget(Dollars.of("1"), Dollars.ZERO);
    try (Budget.Reservation before = budget.hold(Dollars.of("3"))) {
      assertThat(budget.free()).isEqualTo(Dollars.of("-2"));
      assertThat(budget.tryReserve(Dollars.ZERO)).isEmpty();
      before.settle(Dollars.of("0.25"));
    }

    assertThat(budget.tryReserve(Dollars.of("0.75"))).isPresent();
    assertThat(budget.tryReserve(Dollars.of("0.01"))).isEmpty();
  }

  @Test
  void whoCanNeverFitIsToldAtOnce() throws InterruptedException {
    Budget budget = new Budget(Dollars.of("1"), Dollars.ZERO);
    try (Budget.Reservation inFlight = budget.reserve(Dollars.of("0.50"))) {
      assertThatThrownBy(() -> budget.reserve(Dollars.of("1.01")))
          .isInstanceOf(BudgetSpentException.class);
      inFlight.settle(Dollars.of("0.50"));
    }
  }

  @Test
  void manyThreadsNeverPassTheBudgetAndUseItUp() throws Exception {
    Budget budget = new Budget(Dollars.of("10"), Dollars.ZERO);
    AtomicLong sent = new AtomicLong();
    // At most 38 + 100 tokens by the bound, in fact 20: at a tenth of a cent each.
    ScriptedModel model =
        Questions.model(_ -> {
          sent.incrementAndGet();
          return Questions.answer("", new Usage(10, 0, 10));
        });
    BudgetedChatModel budgeted = new BudgetedChatModel(model, PRICE, budget);
    Callable<Boolean> task =
        () -> {
          try {
            budgeted.answer(Questions.question("?"));
            return true;
          } catch (BudgetSpentException spent) {
            return false;
          }
        };
    List<Future<Boolean>> results;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      results = threads.invokeAll(IntStream.range(0, 600).mapToObj(_ -> task).toList());
    }

    assertThat(budget.paid().exceeds(budget.limit())).isFalse();
    assertThat(results.stream().filter(result -> result.resultNow()).count())
        .isEqualTo(sent.get())
        // 0.02 each: the last one is sent while its 0.165 at most still fit.
        .isEqualTo(492);
    assertThat(budget.paid()).isEqualTo(Dollars.of("9.84"));
  }

  @Test
  void anAttemptWithoutAnAnswerIsUnpaid() {
    Budget budget = new Budget(Dollars.of("10"), Dollars.ZERO);
    ScriptedModel model =
        Questions.model(_ -> {
          throw new RetryableApiException("gpt-x answered 503", Optional.empty());
        });

    assertThatThrownBy(
            () -> new BudgetedChatModel(model, PRICE, budget).answer(Questions.question("?")))
        .isInstanceOf(RetryableApiException.class);
    assertThat(budget.paid()).isEqualTo(Dollars.ZERO);
  }

  @Test
  void theBoundCountsBytesTurnsAndSchema() {
    assertThat(TokenCounter.atMost().tokens(Questions.question("äöü"))).isEqualTo(32 + 6 + 32);
    assertThat(TokenCounter.byCharacters().tokens(Questions.question("12345")))
        .isEqualTo(4 + 2 + 4);
  }
}
