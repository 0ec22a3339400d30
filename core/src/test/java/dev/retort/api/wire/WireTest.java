package dev.retort.api.wire;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.PermanentApiException;
import dev.retort.api.RetryableApiException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class WireTest {

  private static final Endpoint ENDPOINT =
      new Endpoint("test:api#m", URI.create("http://host"), "m", Optional.of(key()));
  private static final Wire CHAT = new OpenAiChat(ENDPOINT, Dialect.COMPATIBLE);
  private static final OpenAiCompletions COMPLETIONS =
      new OpenAiCompletions(ENDPOINT, Dialect.COMPATIBLE);
  private static final Wire ANTHROPIC = new AnthropicMessages(ENDPOINT);

  private static final ChatRequest REQUEST =
      new ChatRequest(
          List.of(ChatTurn.system("s"), ChatTurn.user("u")),
          new Decoding(9, 0.5, 0.9, 3, List.of("END")),
          Optional.of(new AnswerSchema("label", "{\"type\":\"object\"}")),
          4);

  @Test
  void aChatIsAsked() {
    assertJson(
        CHAT.body(REQUEST, false).toString(),
        """
        {"model": "m", "temperature": 0.5, "top_p": 0.9, "seed": 4, "stop": ["END"],
         "max_tokens": 9,
         "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
         "logprobs": true, "top_logprobs": 3,
         "response_format": {"type": "json_schema", "json_schema":
           {"name": "label", "strict": true, "schema": {"type": "object"}}}}
        """);
    assertThat(CHAT.headers()).containsOnly(entry("Authorization", "Bearer k"));
  }

  @Test
  void openAiItselfKnowsOtherNamesAndItsDefaults() {
    ChatRequest plain =
        ChatRequest.of(List.of(ChatTurn.user("u")), new Decoding(9, 1, 1, 0, List.of()));

    assertJson(
        new OpenAiChat(ENDPOINT, Dialect.OPENAI).body(plain, true).toString(),
        """
        {"model": "m", "seed": 0, "stream": true, "stream_options": {"include_usage": true},
         "max_completion_tokens": 9, "messages": [{"role": "user", "content": "u"}]}
        """);
    assertThat(new OpenAiChat(ENDPOINT, Dialect.AZURE).headers())
        .containsOnly(entry("api-key", "k"));
  }

  @Test
  void aCompletionIsAsked() {
    ChatRequest request =
        ChatRequest.of(
            List.of(ChatTurn.system("s"), ChatTurn.user("u")), new Decoding(9, 0, 1, 3, List.of()));

    assertJson(
        COMPLETIONS.body(request, false).toString(),
        """
        {"model": "m", "temperature": 0.0, "top_p": 1.0, "seed": 0, "prompt": "s\\n\\nu",
         "max_tokens": 9, "logprobs": 3}
        """);
    assertThatThrownBy(() -> COMPLETIONS.body(REQUEST, false))
        .isInstanceOf(PermanentApiException.class)
        .hasMessageContaining("completions take no JSON schema");
  }

  @Test
  void aScoreIsAsked() {
    assertJson(
        COMPLETIONS.scoring("text", 2).toString(),
        """
        {"model": "m", "temperature": 0.0, "top_p": 1.0, "seed": 0, "prompt": "text",
         "max_tokens": 1, "logprobs": 2, "echo": true, "prompt_logprobs": 2}
        """);
    assertThat(new OpenAiCompletions(ENDPOINT, Dialect.OPENAI).scoring("text", 2).propertyNames())
        .contains("echo")
        .doesNotContain("prompt_logprobs");
  }

  @Test
  void aMessageIsAsked() {
    assertJson(
        ANTHROPIC.body(REQUEST, true).toString(),
        """
        {"model": "m", "max_tokens": 9, "system": "s",
         "messages": [{"role": "user", "content": "u"}],
         "temperature": 0.5, "top_p": 0.9, "stop_sequences": ["END"],
         "tools": [{"name": "label", "description": "Gives the answer.",
                    "input_schema": {"type": "object"}}],
         "tool_choice": {"type": "tool", "name": "label"}, "stream": true}
        """);
    assertThat(ANTHROPIC.headers())
        .containsOnly(entry("x-api-key", "k"), entry("anthropic-version", "2023-06-01"));
  }

  @Test
  void cachedTokensAreInputToo() {
    String openAi =
        """
        {"choices": [{"message": {"content": ""}, "finish_reason": "stop"}],
         "usage": {"prompt_tokens": 10, "completion_tokens": 2,
                   "prompt_tokens_details": {"cached_tokens": 8}}}
        """;
    String anthropic =
        """
        {"content": [], "stop_reason": "end_turn",
         "usage": {"input_tokens": 1, "cache_read_input_tokens": 8,
                   "cache_creation_input_tokens": 1, "output_tokens": 2}}
        """;

    assertThat(CHAT.answer(answer(openAi)).usage()).isEqualTo(new Usage(10, 8, 2));
    assertThat(ANTHROPIC.answer(answer(anthropic)).usage()).isEqualTo(new Usage(10, 8, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "stop, STOP",
    "eos_token, STOP",
    "length, LENGTH",
    "content_filter, FILTERED",
    "tool_calls, OTHER"
  })
  void endsAreKnown(String reason, Finish finish) {
    assertThat(CHAT.answer(chat("'x'", "'" + reason + "'", "null")).finish()).isEqualTo(finish);
  }

  @ParameterizedTest
  @CsvSource({
    "'end_turn', STOP",
    "'model_context_window_exceeded', LENGTH",
    "'refusal', REFUSED",
    "'pause_turn', OTHER"
  })
  void endsOfMessagesAreKnown(String reason, Finish finish) {
    assertThat(
            ANTHROPIC
                .answer(answer("{'content': [], 'stop_reason': '%s'}".formatted(reason)))
                .finish())
        .isEqualTo(finish);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | choices[0].finish_reason is missing, not a text",
        "{'choices': 7} | choices[0].finish_reason is missing, not a text",
        "{'choices': [{'message': {'content': 7}, 'finish_reason': 'stop'}]} | choices[0].message.content is 7, not a text",
        "{'choices': [{'finish_reason': null}]} | choices[0].finish_reason is null, not a text",
        "{'choices': [{'finish_reason': 'abort'}]} | choices[0].finish_reason is \"abort\", not the end of a whole answer",
        "[] | body is [], not a JSON object",
        "{'choices': [{'finish_reason': 'stop'}], 'usage': {'prompt_tokens': -1}} | usage.prompt_tokens is -1, not a count"
      })
  void whatIsMissingIsNamed(String body, String problem) {
    assertThatThrownBy(() -> CHAT.answer(answer(body)))
        .isInstanceOf(RetryableApiException.class)
        .hasMessage("test:api#m sent an answer whose " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7 | choices[0].logprobs is 7, not an object",
        "{'content': 7} | choices[0].logprobs.content is 7, not a list",
        "{'content': [{'token': 'a'}]} | choices[0].logprobs.content[0].logprob is missing, not a number",
        "{'content': [{'token': 'a', 'logprob': 0.5}]} | choices[0].logprobs.content[0].logprob is 0.5, not a log-probability, which is at most 0",
        "{'content': [{'logprob': -1}]} | choices[0].logprobs.content[0].token is missing, not a text",
        "{'content': [{'token': 'a', 'logprob': -1, 'top_logprobs': {}}]} | choices[0].logprobs.content[0].top_logprobs is {}, not a list"
      })
  void wrongLogprobsOfChatsAreNamed(String logprobs, String problem) {
    assertThatThrownBy(() -> CHAT.answer(chat("'a'", "'stop'", logprobs)))
        .isInstanceOf(RetryableApiException.class)
        .hasMessageEndingWith(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | choices[0].logprobs.tokens is missing, not a list",
        "{'tokens': ['a'], 'token_logprobs': []} | choices[0].logprobs.token_logprobs is [], not a list of 1",
        "{'tokens': ['a', 'b'], 'token_logprobs': [-1, null]} | choices[0].logprobs.token_logprobs[1] is null, not a number",
        "{'tokens': ['a'], 'token_logprobs': [-1], 'top_logprobs': [7]} | choices[0].logprobs.top_logprobs[0] is 7, not an object"
      })
  void wrongLogprobsOfCompletionsAreNamed(String logprobs, String problem) {
    assertThatThrownBy(() -> COMPLETIONS.answer(completion(logprobs)))
        .isInstanceOf(RetryableApiException.class)
        .hasMessageEndingWith(problem);
  }

  @Test
  void bothShapesOfACompletionsLogprobsAreRead() {
    TokenLogprob expected =
        new TokenLogprob("a", -1, List.of(new Alternative("b", -0.5), new Alternative("a", -1)));

    assertThat(
            COMPLETIONS
                .answer(
                    completion(
                        "{'tokens': ['a'], 'token_logprobs': [-1], 'top_logprobs': [{'a': -1, 'b': -0.5}]}"))
                .logprobs())
        .containsExactly(expected);
    assertThat(
            COMPLETIONS
                .answer(
                    completion(
                        "{'content': [{'token': 'a', 'logprob': -1, 'top_logprobs': [{'token': 'a', 'logprob': -1}, {'token': 'b', 'logprob': -0.5}]}]}"))
                .logprobs())
        .containsExactly(expected);
  }

  @Test
  void aToolThatWasCutIsKeptAsItCame() {
    EventStream stream = stream(ANTHROPIC);
    for (String event :
        List.of(
            "{'type':'message_start','message':{'id':'1','model':'m','usage':{'input_tokens':3}}}",
            "{'type':'content_block_start','index':0,'content_block':{'type':'tool_use','input':{}}}",
            "{'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':'{\\\"a\\\": [1'}}",
            "{'type':'message_delta','delta':{'stop_reason':'max_tokens'},'usage':{'output_tokens':5}}",
            "{'type':'message_stop'}")) {
      send(stream, event);
    }

    assertThat(ANTHROPIC.answer(stream.whole()))
        .satisfies(answer -> {
          assertThat(answer.text()).isEqualTo("{\"a\": [1");
          assertThat(answer.finish()).isEqualTo(Finish.LENGTH);
          assertThat(answer.usage()).isEqualTo(new Usage(3, 0, 5));
        });
  }

  @Test
  void aPieceOfABlockThatNeverBeganIsWrong() {
    EventStream stream = stream(ANTHROPIC);
    send(stream, "{'type':'content_block_delta','index':3,'delta':{'text':'x'}}");

    assertThatThrownBy(stream::whole).hasMessageContaining("index is 3, not the index of a block");
  }

  @Test
  void eventsAreReadAsTheStandardWritesThem() {
    EventStream stream = stream(CHAT);
    for (String line :
        List.of(
            ": a comment",
            "id: 7",
            "retry: 100",
            "event: chunk",
            "data:{\"choices\": [{\"delta\":",
            "data: {\"content\": \"two lines\"}, \"finish_reason\": \"stop\"}]}",
            "",
            "",
            "data: [DONE]")) { // the last empty line may be missing
      stream.line(line);
    }

    assertThat(CHAT.answer(stream.whole()).text()).isEqualTo("two lines");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{'choices': [{'delta': {'content': 'x'}}]}", "{'choices': [], 'usage': {}}"})
  void aStreamWithoutItsReasonToEndWasCut(String event) {
    EventStream stream = stream(CHAT);
    send(stream, event);
    stream.line("data: [DONE]");

    assertThatThrownBy(stream::whole)
        .isInstanceOf(RetryableApiException.class)
        .hasMessage("test:api#m cut its stream of events before the end");
  }

  @Test
  void whatIsNoJsonIsSaid() {
    assertThatThrownBy(() -> Answer.parse(ENDPOINT, "{\"a\": "))
        .isInstanceOf(RetryableApiException.class)
        .hasMessageStartingWith("test:api#m sent an answer that is not JSON, or that was cut: ");
  }

  @Test
  void aKeyIsSeenInItsHeaderOnly() {
    ApiKey key = new ApiKey("MY_KEY", "s3cret");

    assertThat(List.of(key, new Endpoint("n", URI.create("http://h"), "m", Optional.of(key))))
        .allSatisfy(
            each -> assertThat(each.toString()).contains("MY_KEY").doesNotContain("s3cret"));
    assertThatThrownBy(() -> new ApiKey("MY_KEY", "s3cret with a blank"))
        .hasMessageContaining("MY_KEY")
        .hasMessageNotContaining("s3cret");
  }

  private static ApiKey key() {
    return new ApiKey("MY_KEY", "k");
  }

  private static EventStream stream(Wire wire) {
    return new EventStream(wire, new ErrorReader(ENDPOINT, InstantSource.system()));
  }

  private static void send(EventStream stream, String event) {
    stream.line("data: " + event.replace('\'', '"'));
    stream.line("");
  }

  private static Answer chat(String content, String finish, String logprobs) {
    return answer(
        "{'choices': [{'message': {'content': %s}, 'finish_reason': %s, 'logprobs': %s}]}"
            .formatted(content, finish, logprobs));
  }

  private static Answer completion(String logprobs) {
    return answer(
        "{'choices': [{'text': 'a', 'finish_reason': 'stop', 'logprobs': %s}]}"
            .formatted(logprobs));
  }

  private static Answer answer(String json) {
    return Answer.parse(ENDPOINT, json.replace('\'', '"'));
  }

  private static void assertJson(String actual, String expected) {
    JsonMapper mapper = JsonMapper.shared();
    assertThat(mapper.readTree(actual)).isEqualTo(mapper.readTree(expected));
  }
}
