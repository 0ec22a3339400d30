package dev.retort.synthesis;

import static dev.retort.synthesis.Teller.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import dev.retort.api.ScriptedModel;
import dev.retort.data.DataRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterviewTest {

  @Test
  void wavesGoOnUntilEverythingIsKnownAndRowsStayInOrder() throws InterruptedException {
    List<String> heard = new ArrayList<>();
    Interview.Listener listener =
        new Interview.Listener() {
          @Override
          public void began(int wave, int requests) {
            heard.add("wave %d: %d".formatted(wave, requests));
          }

          @Override
          public void advanced(int done) {
            heard.add(String.valueOf(done));
          }
        };
    List<Inquiry> inquiries = List.of(counting(row("a"), 1), counting(row("b"), 3));

    Interview.Outcome outcome = interview(ScriptedModel.says("x")).conduct(inquiries, listener);

    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.sifted().kept()).extracting(DataRow::origin).containsExactly("a", "b");
    assertThat(heard).containsExactly("wave 1: 2", "1", "2", "wave 2: 1", "1", "wave 3: 1", "1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Finish.class,
      names = {"LENGTH", "FILTERED", "REFUSED"})
  void anAnswerThatIsNoneDropsItsRow(Finish finish) throws InterruptedException {
    ChatAnswer answer =
        new ChatAnswer("I fear that", finish, new Usage(1, 0, 3), "scripted", "", List.of());

    Interview.Outcome outcome = interview(answer).conduct(one(), Teller.NOBODY);

    assertThat(outcome.sifted().kept()).isEmpty();
    assertThat(outcome.sifted().dropped())
        .singleElement()
        .satisfies(dropped -> {
          assertThat(dropped.row().origin()).isEqualTo("a");
          assertThat(dropped.reason()).contains("I fear that");
        });
  }

  @Test
  void aRequestThatIsRefusedForWhatItSaysDropsItsRow() throws InterruptedException {
    ScriptedModel model =
        new ScriptedModel(_ -> {
          throw new PermanentApiException("400: content filter", Scope.REQUEST);
        });

    Interview.Outcome outcome = new Interview(model, 2, () -> false).conduct(one(), Teller.NOBODY);

    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.sifted().dropped())
        .singleElement()
        .satisfies(dropped -> assertThat(dropped.reason()).isEqualTo("400: content filter"));
  }

  @Test
  void aRequestThatFailsForNowLeavesItsInquiryOpen() throws InterruptedException {
    ScriptedModel model =
        new ScriptedModel(request -> {
          if (ScriptedModel.question(request).equals("b")) {
            throw new RetryableApiException("503", Optional.empty());
          }
          return ScriptedModel.says("x");
        });
    List<Inquiry> inquiries = List.of(counting(row("a"), 1), counting(row("b"), 2));

    Interview.Outcome outcome =
        new Interview(model, 1, () -> false).conduct(inquiries, Teller.NOBODY);

    assertThat(outcome.complete()).isFalse();
    assertThat(outcome.unanswered()).hasSize(1);
    assertThat(outcome.sifted().kept()).extracting(DataRow::origin).containsExactly("a");
  }

  @Test
  void afterAStopNothingMoreIsAsked() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    List<ChatRequest> asked = new ArrayList<>();
    ScriptedModel model =
        new ScriptedModel(request -> {
          asked.add(request);
          stop.set(asked.size() == 3);
          return ScriptedModel.says("x");
        });
    List<Inquiry> inquiries =
        IntStream.range(0, 9).mapToObj(i -> counting(row("row " + i), 2)).toList();

    Interview.Outcome outcome =
        new Interview(model, 1, stop::get).conduct(inquiries, Teller.NOBODY);

    assertThat(asked).hasSize(3);
    assertThat(outcome.complete()).isFalse();
    assertThat(outcome.sifted().kept()).isEmpty();
  }

  private static Interview interview(ChatAnswer always) {
    return new Interview(new ScriptedModel(_ -> always), 2, () -> false);
  }

  private static List<Inquiry> one() {
    return List.of(counting(row("a"), 1));
  }

  /// Asks `times` times, one after the other.
  private static Inquiry counting(DataRow row, int times) {
    return times == 0
        ? Inquiry.keep(row)
        : Inquiry.ask(ScriptedModel.asks(row.origin()), row, _ -> counting(row, times - 1));
  }
}
