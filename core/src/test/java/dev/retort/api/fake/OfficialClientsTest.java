package dev.retort.api.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The official clients understand the fake API: it speaks as the real ones do.
class OfficialClientsTest {

  private static final String TEXT = "Ünder «hello there»\n42";

  @Test
  void openAiReadsAChat() throws Exception {
    try (FakeApi api = new FakeApi(Faults.script())) {
      ChatCompletion answer = openAi(api, FakeApi.KEY).chat().completions().create(chat().build());

      assertThatItIsTheAnswer(answer);
    }
  }

  @Test
  void openAiReadsAChatInPieces() throws Exception {
    ChatCompletionCreateParams chat =
        chat()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (FakeApi api = new FakeApi(Faults.script());
        com.openai.core.http.StreamResponse<ChatCompletionChunk> stream =
            openAi(api, FakeApi.KEY).chat().completions().createStreaming(chat)) {
      ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
      stream.stream().forEach(whole::accumulate);

      assertThatItIsTheAnswer(whole.chatCompletion());
    }
  }

  @Test
  void openAiReadsACompletion() throws Exception {
    CompletionCreateParams completion =
        CompletionCreateParams.builder()
            .model("tiny")
            .prompt("hello there")
            .maxTokens(50)
            .logprobs(2)
            .build();
    try (FakeApi api = new FakeApi(Faults.script())) {
      Completion answer = openAi(api, FakeApi.KEY).completions().create(completion);

      CompletionChoice choice = answer.choices().getFirst();
      assertThat(choice.text()).isEqualTo(TEXT);
      assertThat(choice.finishReason()).isEqualTo(CompletionChoice.FinishReason.STOP);
      CompletionChoice.Logprobs logprobs = choice.logprobs().orElseThrow();
      assertThat(logprobs.tokens().orElseThrow())
          .containsExactly("Ünder", " «hello", " there»", "\n42");
      assertThat(logprobs.tokenLogprobs().orElseThrow())
          .containsExactly(-0.125, -0.25, -0.375, -0.5);
      assertThat(logprobs.topLogprobs().orElseThrow()).hasSize(4);
      answer.validate();
    }
  }

  @Test
  void openAiReadsErrors() throws Exception {
    try (FakeApi api = new FakeApi(Faults.script(Fault.RATE_LIMIT))) {
      assertThatThrownBy(() -> openAi(api, FakeApi.KEY).chat().completions().create(chat().build()))
          .isInstanceOfSatisfying(
              RateLimitException.class,
              limit -> {
                assertThat(limit.code()).contains("rate_limit_exceeded");
                assertThat(limit.headers().values("Retry-After")).containsExactly("7");
              });
      assertThatThrownBy(() -> openAi(api, "sk-other").chat().completions().create(chat().build()))
          .isInstanceOf(UnauthorizedException.class);
    }
  }

  @Test
  void anthropicReadsAMessage() throws Exception {
    try (FakeApi api = new FakeApi(Faults.script())) {
      assertThatItIsTheAnswer(anthropic(api).messages().create(message()));
    }
  }

  @Test
  void anthropicReadsAMessageInPieces() throws Exception {
    try (FakeApi api = new FakeApi(Faults.script());
        StreamResponse<RawMessageStreamEvent> stream =
            anthropic(api).messages().createStreaming(message())) {
      MessageAccumulator whole = MessageAccumulator.create();
      stream.stream().forEach(whole::accumulate);

      assertThatItIsTheAnswer(whole.message());
    }
  }

  @Test
  void anthropicReadsErrors() throws Exception {
    try (FakeApi api = new FakeApi(Faults.script(Fault.OVERLOADED))) {
      assertThatThrownBy(() -> anthropic(api).messages().create(message()))
          .isInstanceOfSatisfying(
              AnthropicServiceException.class,
              overloaded -> assertThat(overloaded.statusCode()).isEqualTo(529));
    }
  }

  private static void assertThatItIsTheAnswer(ChatCompletion answer) {
    ChatCompletion.Choice choice = answer.choices().getFirst();
    assertThat(choice.message().content()).contains(TEXT);
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(choice.logprobs().orElseThrow().content().orElseThrow())
        .hasSize(4)
        .first()
        .satisfies(token -> {
          assertThat(token.token()).isEqualTo("Ünder");
          assertThat(token.logprob()).isEqualTo(-0.125);
          assertThat(token.topLogprobs()).hasSize(2);
        });
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(4);
    answer.validate();
  }

  private static void assertThatItIsTheAnswer(Message answer) {
    assertThat(answer.content().getFirst().asText().text()).isEqualTo(TEXT);
    assertThat(answer.stopReason()).contains(StopReason.END_TURN);
    assertThat(List.of(answer.usage().inputTokens(), answer.usage().outputTokens()))
        .containsExactly(2L, 4L);
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder()
        .model("tiny")
        .addUserMessage("hello there")
        .maxCompletionTokens(50)
        .logprobs(true)
        .topLogprobs(2);
  }

  private static MessageCreateParams message() {
    return MessageCreateParams.builder()
        .model("tiny")
        .maxTokens(50)
        .addUserMessage("hello there")
        .build();
  }

  private static OpenAIClient openAi(FakeApi api, String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(api.uri() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static AnthropicClient anthropic(FakeApi api) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(api.uri().toString())
        .apiKey(FakeApi.KEY)
        .maxRetries(0)
        .build();
  }
}
