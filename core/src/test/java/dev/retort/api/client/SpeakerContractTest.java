package dev.retort.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retort.api.ApiException;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import dev.retort.api.fake.FakeApi;
import dev.retort.api.fake.Fault;
import dev.retort.api.fake.Faults;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What every client does alike, whatever API it speaks: the same question gets the same answer,
/// and the same mishap the same exception.
class SpeakerContractTest {

  private static final List<ChatTurn> QUESTION = List.of(ChatTurn.user("is this a question"));
  private static final Duration SHORT = Duration.ofMillis(300);

  @ParameterizedTest
  @EnumSource
  void theSameQuestionHasTheSameAnswer(Speaker speaker) throws Exception {
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model = speaker.open(api)) {
      assertThat(model.answer(ChatRequest.of(QUESTION, Decoding.greedy(50))))
          .isEqualTo(
              new ChatAnswer(
                  "Ünder «is this a question»\n42",
                  Finish.STOP,
                  new Usage(4, 0, 6),
                  "tiny",
                  "answer-1",
                  List.of()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerAtItsLimitIsCut(Speaker speaker) throws Exception {
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model = speaker.open(api)) {
      ChatAnswer answer = model.answer(ChatRequest.of(QUESTION, Decoding.greedy(3)));

      assertThat(answer.finish()).isEqualTo(Finish.LENGTH);
      assertThat(answer.text()).isEqualTo("Ünder «is this");
      assertThat(answer.usage().outputTokens()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void allThatWasSaidIsSent(Speaker speaker) throws Exception {
    List<ChatTurn> turns =
        List.of(
            ChatTurn.system("be brief"),
            ChatTurn.user("one two three"),
            ChatTurn.assistant("four"),
            ChatTurn.user("five \"six\" \u00e9\ud83d\ude00"));
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model = speaker.open(api)) {
      ChatAnswer answer = model.answer(ChatRequest.of(turns, Decoding.greedy(50)));

      assertThat(answer.text()).contains("five \"six\" \u00e9\ud83d\ude00");
      if (speaker.knowsSchemas()) { // completions know no turns
        assertThat(answer.usage().inputTokens()).isEqualTo(2 + 3 + 1 + 3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void logprobsComeWhereTheyAreOffered(Speaker speaker) throws Exception {
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model = speaker.open(api)) {
      Decoding decoding = new Decoding(2, 0.7, 0.9, 2, List.of());

      List<TokenLogprob> logprobs = model.answer(ChatRequest.of(QUESTION, decoding)).logprobs();

      List<TokenLogprob> expected =
          List.of(
              new TokenLogprob(
                  "Ünder",
                  -0.125,
                  List.of(new Alternative("Ünder", -0.125), new Alternative("other1", -1.125))),
              new TokenLogprob(
                  " «is",
                  -0.25,
                  List.of(new Alternative(" «is", -0.25), new Alternative("other1", -1.25))));
      assertThat(logprobs).isEqualTo(speaker.knowsLogprobs() ? expected : List.of());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_NONE, names = "COMPLETIONS.*")
  void anAnswerFitsItsSchema(Speaker speaker) throws Exception {
    ChatRequest request = withSchema("{\"type\":\"object\",\"required\":[\"label\"]}");
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model = speaker.open(api)) {
      ChatAnswer answer = model.answer(request);

      assertThat(answer.text()).isEqualTo("{\"label\":\"is_this_a_question\"}");
      assertThat(answer.finish()).isEqualTo(Finish.STOP);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSchemaThatIsNoneIsRefusedBeforeItIsSent(Speaker speaker) throws Exception {
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model = speaker.open(api)) {
      assertThatThrownBy(() -> model.answer(withSchema("{\"type\":")))
          .isInstanceOf(PermanentApiException.class)
          .hasMessageContaining("was not asked")
          .hasMessageContaining("schema");
      assertThat(api.bodies()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatMayPassIsRetryable(Speaker speaker) throws Exception {
    for (Fault fault : Fault.PASSING) {
      RetryableApiException failure =
          failure(speaker, fault, Speaker.PATIENT, RetryableApiException.class);

      assertThat(failure.retryAfter())
          .as("%s", fault)
          .isEqualTo(
              fault == Fault.RATE_LIMIT
                  ? Optional.of(Duration.ofSeconds(FakeApi.RETRY_AFTER_SECONDS))
                  : Optional.empty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void silenceIsAFailureAndNoHang(Speaker speaker) throws Exception {
    for (Fault fault : List.of(Fault.HANG, Fault.HANG_IN_BODY)) {
      assertThat(failure(speaker, fault, SHORT, RetryableApiException.class))
          .as("%s", fault)
          .hasMessageContaining("no whole answer");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsInterruptedGivesUp(Speaker speaker) throws Exception {
    try (FakeApi api = new FakeApi(Faults.script(Fault.HANG));
        ChatModel model = speaker.open(api)) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread asking =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  model.answer(ChatRequest.of(QUESTION, Decoding.greedy(9)));
                } catch (InterruptedException | RuntimeException e) {
                  failure.complete(e);
                }
              });
      while (api.bodies().isEmpty()) {
        Thread.onSpinWait();
      }

      asking.interrupt();

      assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ALL, names = ".*_STREAM")
  void aStreamWithoutItsEndIsNoAnswer(Speaker speaker) throws Exception {
    assertThat(failure(speaker, Fault.SHORT_STREAM, Speaker.PATIENT, RetryableApiException.class))
        .hasMessageContaining("cut its stream");
    assertThat(
            failure(speaker, Fault.ERROR_IN_STREAM, Speaker.PATIENT, RetryableApiException.class))
        .hasMessageContainingAll("verloaded");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_NONE, names = "ANTHROPIC.*|BEDROCK")
  void wrongLogprobsAreNamed(Speaker speaker) throws Exception {
    assertThat(failure(speaker, Fault.WRONG_LOGPROBS, Speaker.PATIENT, RetryableApiException.class))
        .hasMessageContaining("choices[0].logprobs.");
  }

  @ParameterizedTest
  @CsvSource({"BAD_KEY, ALL", "NO_CREDIT, ALL", "UNKNOWN_MODEL, ALL", "BAD_REQUEST, REQUEST"})
  void whatIsRefusedIsPermanent(Fault fault, Scope scope) throws Exception {
    for (Speaker speaker : Speaker.values()) {
      PermanentApiException failure =
          failure(speaker, fault, Speaker.PATIENT, PermanentApiException.class);

      assertThat(failure.scope()).as("%s: %s", speaker, failure).isEqualTo(scope);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongKeyIsNeverShown(Speaker speaker) throws Exception {
    String key = "sk-mistyped-secret";
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model = speaker.open(api, key, Speaker.PATIENT)) {
      Throwable failure =
          catchThrowableOfType(
              PermanentApiException.class,
              () -> model.answer(ChatRequest.of(QUESTION, Decoding.greedy(9))));
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));

      assertThat(trace + model.identity() + model.name() + model)
          .contains("answered 40")
          .doesNotContain(key);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatTheServerRepeatsIsHidden(Speaker speaker) throws Exception {
    assertThat(failure(speaker, Fault.BAD_KEY, Speaker.PATIENT, PermanentApiException.class))
        .hasMessageNotContaining(FakeApi.KEY);
  }

  @ParameterizedTest
  @EnumSource
  void refusalsAndFiltersAreAnswers(Speaker speaker) throws Exception {
    for (Fault fault : List.of(Fault.REFUSAL, Fault.FILTERED)) {
      try (FakeApi api = new FakeApi(Faults.script(fault));
          ChatModel model = speaker.open(api)) {
        Finish finish = model.answer(ChatRequest.of(QUESTION, Decoding.greedy(50))).finish();

        assertThat(finish).as("%s", fault).isEqualTo(expected(speaker, fault));
      }
    }
  }

  /// APIs differ in what they know: Anthropic filters by refusing, Bedrock refuses by filtering,
  /// and a completion that is refused is one like any other.
  private static Finish expected(Speaker speaker, Fault fault) {
    return switch (speaker) {
      case CHAT, CHAT_STREAM, AZURE, AZURE_STREAM ->
          fault == Fault.REFUSAL ? Finish.REFUSED : Finish.FILTERED;
      case COMPLETIONS, COMPLETIONS_STREAM ->
          fault == Fault.REFUSAL ? Finish.STOP : Finish.FILTERED;
      case ANTHROPIC, ANTHROPIC_STREAM -> Finish.REFUSED;
      case BEDROCK -> Finish.FILTERED;
    };
  }

  private static <E extends ApiException> E failure(
      Speaker speaker, Fault fault, Duration timeout, Class<E> type) throws IOException {
    Decoding decoding = new Decoding(50, 0, 1, 2, List.of());
    try (FakeApi api = new FakeApi(Faults.script(fault));
        ChatModel model = speaker.open(api, FakeApi.KEY, timeout)) {
      E failure =
          catchThrowableOfType(type, () -> model.answer(ChatRequest.of(QUESTION, decoding)));
      assertThat(failure).as("%s", fault).isNotNull();
      assertThat(failure).hasMessageStartingWith(model.identity());
      return failure;
    }
  }

  private static ChatRequest withSchema(String json) {
    return new ChatRequest(
        QUESTION, Decoding.greedy(50), Optional.of(new AnswerSchema("label", json)), 0);
  }
}
