package dev.retort.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.PermanentApiException.Scope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AskingTest {

  private final List<String> heard = new ArrayList<>();

  @Test
  void answersComeInTheOrderOfTheQuestions() throws InterruptedException {
    CountDownLatch others = new CountDownLatch(3);
    ScriptedModel model =
        new ScriptedModel(request -> {
          if (ScriptedModel.question(request).equals("0")) {
            others.await(); // the first is answered last
          } else {
            others.countDown();
          }
          return ScriptedModel.says("answer " + ScriptedModel.question(request));
        });

    ask(model, 2, 4);

    assertThat(heard).containsExactly("0: answer 0", "1: answer 1", "2: answer 2", "3: answer 3");
  }

  @Test
  void noMoreAreUnderWayThanAllowed() throws InterruptedException {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch allowed = new CountDownLatch(3);
    ScriptedModel model =
        new ScriptedModel(request -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          allowed.countDown();
          allowed.await(); // until as many are under way as may be
          underWay.decrementAndGet();
          return ScriptedModel.says("");
        });

    ask(model, 3, 200);

    assertThat(most).hasValue(3);
    assertThat(heard).hasSize(200);
  }

  /// The first question is answered only when its caller waits for it with all others done. Until
  /// then, no more may be taken than the window holds.
  @Test
  void oneThatTakesLongHoldsUpTheOthersBeforeMemoryFills() throws InterruptedException {
    int window = 2 * Asking.WINDOW;
    Thread caller = Thread.currentThread();
    AtomicInteger done = new AtomicInteger();
    CountDownLatch slow = new CountDownLatch(1);
    Thread watcher =
        Thread.ofPlatform()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()
                  && (done.get() < window - 1 || caller.getState() != Thread.State.WAITING)) {
                Thread.onSpinWait();
              }
              slow.countDown();
            });
    ScriptedModel model =
        new ScriptedModel(request -> {
          if (ScriptedModel.question(request).equals("0")) {
            slow.await();
          }
          done.incrementAndGet();
          return ScriptedModel.says("");
        });
    Iterator<Integer> subjects =
        IntStream.range(0, 100)
            .peek(i -> assertThat(i - heard.size()).isLessThan(window))
            .iterator();

    try {
      new Asking(model, 2, () -> false)
          .<Integer>inOrder(subjects, i -> ScriptedModel.asks("" + i), this::hear);
    } finally {
      watcher.interrupt();
    }

    assertThat(heard).hasSize(100);
  }

  @Test
  void aRequestThatIsRefusedIsAResultAndNoEnd() throws InterruptedException {
    ScriptedModel model =
        new ScriptedModel(request -> {
          if (ScriptedModel.question(request).equals("1")) {
            throw new PermanentApiException("too long", Scope.REQUEST);
          }
          return ScriptedModel.says("fine");
        });

    ask(model, 2, 3);

    assertThat(heard).containsExactly("0: fine", "1! too long", "2: fine");
  }

  @Test
  void afterAStopThoseUnderWayAreWaitedForAndNoOthersAsked() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch bothBegan = new CountDownLatch(2);
    ScriptedModel model =
        new ScriptedModel(request -> {
          bothBegan.countDown();
          bothBegan.await();
          stop.set(true);
          return ScriptedModel.says("fine");
        });

    new Asking(model, 2, stop::get)
        .<Integer>inOrder(
            IntStream.range(0, 100).iterator(), i -> ScriptedModel.asks("" + i), this::hear);

    assertThat(heard).containsExactly("0: fine", "1: fine");
  }

  @Test
  void whatConcernsAllEndsItAfterWhatWasAnswered() {
    endsAfterWhatWasAnswered(new PermanentApiException("no credit", Scope.ALL));
  }

  /// A budget that is spent is such a failure: what is under way has been paid for.
  @Test
  void afterAnyOtherFailureThoseUnderWayAreWaitedForAndHeard() {
    endsAfterWhatWasAnswered(new IllegalStateException("the budget is spent"));
  }

  /// The first of two questions under way fails, and then the other one is answered.
  private void endsAfterWhatWasAnswered(RuntimeException failure) {
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch bothBegan = new CountDownLatch(2);
    AtomicInteger asked = new AtomicInteger();
    ScriptedModel model =
        new ScriptedModel(request -> {
          asked.incrementAndGet();
          bothBegan.countDown();
          bothBegan.await();
          if (ScriptedModel.question(request).equals("0")) {
            failed.countDown();
            throw failure;
          }
          failed.await();
          return ScriptedModel.says("paid for");
        });

    assertThatThrownBy(() -> ask(model, 2, 1000)).hasMessage(failure.getMessage());
    assertThat(heard).contains("1: paid for").noneMatch(line -> line.startsWith("0"));
    assertThat(asked.get()).isLessThan(1000);
  }

  @Test
  void aConsumerThatFailsEndsIt() {
    ScriptedModel model = new ScriptedModel(request -> ScriptedModel.says(""));

    assertThatThrownBy(() ->
            new Asking(model, 4, () -> false)
                .<Integer>inOrder(
                    IntStream.range(0, 100).iterator(),
                    i -> ScriptedModel.asks("" + i),
                    _ -> {
                      throw new IllegalStateException("disk full");
                    }))
        .hasMessage("disk full");
  }

  @Test
  void whoInterruptsGivesUpTheQuestionsUnderWay() throws InterruptedException {
    CountDownLatch began = new CountDownLatch(2);
    CountDownLatch givenUp = new CountDownLatch(2);
    ScriptedModel model =
        new ScriptedModel(request -> {
          began.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            givenUp.countDown();
          }
          return ScriptedModel.says("");
        });
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                ask(model, 2, 10);
              } catch (InterruptedException expected) {
                interrupted.set(true);
              }
            });
    began.await();

    asking.interrupt();
    asking.join();

    givenUp.await();
    assertThat(interrupted).isTrue();
  }

  private void ask(ChatModel model, int inFlight, int count) throws InterruptedException {
    new Asking(model, inFlight, () -> false)
        .<Integer>inOrder(
            IntStream.range(0, count).iterator(), i -> ScriptedModel.asks("" + i), this::hear);
  }

  private void hear(Asked<Integer> asked) {
    heard.add(
        switch (asked) {
          case Asked.Answered<Integer> answered ->
              answered.subject() + ": " + answered.answer().text();
          case Asked.Failed<Integer> failed ->
              failed.subject() + "! " + failed.failure().getMessage();
        });
  }
}
