package dev.retort.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.ScriptedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgeredChatModelTest {

  private static final Price PRICE = new PriceSettings(1, Optional.empty(), 10, 1).price();

  @TempDir Path folder;
  private Ledger ledger;

  @BeforeEach
  void open() {
    ledger = Ledger.open(folder.resolve("ledger.sqlite"));
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void nothingIsPaidTwice() throws InterruptedException {
    ScriptedModel model = Questions.echo();
    LedgeredChatModel ledgered = ledgered(model);

    ChatAnswer first = ledgered.answer(Questions.question("Hi"));
    ChatAnswer again = ledgered(model).answer(Questions.question("Hi"));

    assertThat(again).isEqualTo(first);
    assertThat(model.asked()).hasSize(1);
    assertThat(ledger.paid("run")).isEqualTo(Dollars.of("0.002")); // 1000 · 1e-6 + 100 · 10e-6
    assertThat(ledgered.asked()).isEqualTo(1);
  }

  @Test
  void anotherSampleIsAnotherQuestion() throws InterruptedException {
    ScriptedModel model = Questions.echo();
    LedgeredChatModel ledgered = ledgered(model);

    ledgered.answer(Questions.question("Hi"));
    ledgered.answer(Questions.question("Hi").withSample(1));

    assertThat(model.asked()).hasSize(2);
  }

  @Test
  void aQuestionThatManyThreadsAskIsSentOnce() throws Exception {
    CountDownLatch answering = new CountDownLatch(1);
    ScriptedModel model =
        Questions.model(request -> {
          answering.await();
          return Questions.answer(Questions.text(request), Usage.NONE);
        });
    LedgeredChatModel ledgered = ledgered(model);
    List<Future<ChatAnswer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        answers.add(threads.submit(() -> ledgered.answer(Questions.question("Hi"))));
      }
      answering.countDown();
    }

    assertThat(answers).extracting(answer -> answer.get().text()).containsOnly("Hi");
    assertThat(model.asked()).hasSize(1);
    assertThat(ledgered.known()).isEqualTo(63);
  }

  @Test
  void whoWaitedForAThreadThatFailedAsksItself() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch failing = new CountDownLatch(1);
    ScriptedModel model =
        Questions.model(_ -> {
          asked.countDown();
          failing.await();
          if (failed.compareAndSet(false, true)) {
            throw new PermanentApiException("refused", Scope.REQUEST);
          }
          return Questions.answer("yes", Usage.NONE);
        });
    LedgeredChatModel ledgered = ledgered(model);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ChatAnswer> first = threads.submit(() -> ledgered.answer(Questions.question("Hi")));
      asked.await();
      Future<ChatAnswer> second = threads.submit(() -> ledgered.answer(Questions.question("Hi")));
      failing.countDown();

      assertThatThrownBy(first::get).hasCauseInstanceOf(PermanentApiException.class);
      assertThat(second.get().text()).isEqualTo("yes");
    }
  }

  @Test
  void aFailureLeavesNothingBehind() {
    ChatRequest question = Questions.question("Hi");
    ScriptedModel model =
        Questions.model(_ -> {
          throw new PermanentApiException("refused", Scope.REQUEST);
        });

    assertThatThrownBy(() -> ledgered(model).answer(question))
        .isInstanceOf(PermanentApiException.class);
    assertThat(ledger.claim(CanonicalRequest.key(Questions.IDENTITY, question)))
        .isEqualTo(new Claim.Granted());
  }

  @Test
  void theAnswerOfAnotherOwnerIsWaitedFor() throws Exception {
    ChatRequest question = Questions.question("Hi");
    ScriptedModel model = Questions.echo();
    try (Ledger other = Ledger.open(ledger.path());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      other.claim(CanonicalRequest.key(Questions.IDENTITY, question));
      Future<ChatAnswer> waiting = threads.submit(() -> ledgered(model).answer(question));
      CountDownLatch sent = new CountDownLatch(1);
      ScriptedModel slow =
          Questions.model(_ -> {
            sent.countDown();
            return Questions.answer("from the other", Usage.NONE);
          });
      other.release(CanonicalRequest.key(Questions.IDENTITY, question));
      new LedgeredChatModel(slow, other, PRICE, Provenance.of("other", "", "")).answer(question);

      assertThat(waiting.get().text()).isIn("from the other", "Hi");
      assertThat(model.asked().size() + slow.asked().size()).isEqualTo(1);
    }
  }

  @Test
  void aBudgetHoldsOverAResumption() throws InterruptedException {
    // At most 74 + 100 tokens by the bound: 1.074 thousandths; in fact 1000 + 100: 2 thousandths.
    ScriptedModel model = Questions.echo();
    ask(model, new Budget(Dollars.of("0.005"), ledger.paid("run")), "1");
    ask(model, new Budget(Dollars.of("0.005"), ledger.paid("run")), "2");
    Budget resumed = new Budget(Dollars.of("0.005"), ledger.paid("run"));

    assertThat(resumed.paid()).isEqualTo(Dollars.of("0.004"));
    assertThat(ask(model, resumed, "1").text()).isEqualTo("1");
    assertThatThrownBy(() -> ask(model, resumed, "3")).isInstanceOf(BudgetSpentException.class);
    assertThat(model.asked()).hasSize(2);
  }

  @Test
  void anEstimateCountsWhatIsKnownAndRepeated() throws InterruptedException {
    ScriptedModel model = Questions.echo();
    ledgered(model).answer(Questions.question("known"));
    ledgered(Questions.model(_ -> Questions.answer("", new Usage(1, 0, 20))))
        .answer(Questions.question("known too"));
    List<ChatRequest> requests =
        List.of(
            Questions.question("known"),
            Questions.question("12345678"),
            Questions.question("12345678"),
            Questions.question("1234"));

    Estimate estimate =
        Estimate.of(requests, Questions.IDENTITY, ledger, PRICE, TokenCounter.byCharacters());

    assertThat(estimate)
        .isEqualTo(
            new Estimate(
                3,
                1,
                10 + 9,
                120,
                200,
                // 19 · 1e-6 + 120 · 10e-6
                Dollars.of("0.001219"),
                // (72 + 68) · 1e-6 + 200 · 10e-6
                Dollars.of("0.002140")))
        .hasToString(
            "3 requests, 1 of them known; 2 would be asked: about 19 tokens in and 120 out, $0.00122 (at most 200 out, $0.00214)");
    assertThat(model.asked()).hasSize(1);
  }

  private ChatAnswer ask(ScriptedModel model, Budget budget, String text)
      throws InterruptedException {
    return new LedgeredChatModel(
            new BudgetedChatModel(model, PRICE, budget),
            ledger,
            PRICE,
            Provenance.of("run", "recipe", ""))
        .answer(Questions.question(text));
  }

  private LedgeredChatModel ledgered(ScriptedModel model) {
    return new LedgeredChatModel(model, ledger, PRICE, Provenance.of("run", "recipe", ""));
  }
}
