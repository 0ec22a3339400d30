package dev.retort.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.Asked;
import dev.retort.api.Asking;
import dev.retort.api.ChatModel;
import dev.retort.api.FakeTime;
import dev.retort.api.ScriptedModel;
import dev.retort.api.fake.FakeApi;
import dev.retort.api.fake.Fault;
import dev.retort.api.fake.Faults;
import dev.retort.api.limit.LimitedChatModel;
import dev.retort.api.limit.Limits;
import dev.retort.api.limit.Persistence;
import dev.retort.api.limit.PersistentChatModel;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Ten thousand questions to an API of which a twentieth of the requests go wrong.
@Timeout(300)
class ApiLoadTest {

  private static final int QUESTIONS = 10_000;
  private static final int IN_FLIGHT = 64;

  @Test
  void allAreAnsweredOnceAndInOrderWithAFewInMemory() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Iterator<Integer> questions =
        IntStream.range(0, QUESTIONS)
            .peek(i -> most.accumulateAndGet(i - heard.get(), Math::max))
            .iterator();
    try (FakeApi api = new FakeApi(Faults.share(0.05, Fault.PASSING, 7));
        ChatModel model = surrounded(Speaker.CHAT.open(api))) {
      new Asking(model, IN_FLIGHT, () -> false)
          .<Integer>inOrder(
              questions,
              i -> ScriptedModel.asks("question " + i),
              asked -> assertThatItIs(heard.getAndIncrement(), asked));

      assertThat(heard).hasValue(QUESTIONS);
      assertThat(api.answered()).hasSize(QUESTIONS);
      assertThat(api.answered().values()).containsOnly(1);
      assertThat(api.faulted()).isBetween(QUESTIONS / 25, QUESTIONS / 15);
      assertThat(most.get()).isLessThanOrEqualTo(Asking.WINDOW * IN_FLIGHT);
    }
  }

  private static void assertThatItIs(int number, Asked<Integer> asked) {
    assertThat(asked)
        .isInstanceOfSatisfying(
            Asked.Answered.class,
            answered ->
                assertThat(answered.answer().text())
                    .isEqualTo("Ünder «question %d»\n42".formatted(number)));
    assertThat(asked.subject()).isEqualTo(number);
  }

  private static ChatModel surrounded(ChatModel client) {
    FakeTime time = new FakeTime();
    Duration patience = Duration.ofHours(1);
    return new PersistentChatModel(
        new LimitedChatModel(
            client,
            new Limits(
                new Limits.Settings(IN_FLIGHT, Optional.of(60_000), Optional.empty(), patience),
                time)),
        new Persistence(Persistence.Settings.of(20, patience), time));
  }
}
