package dev.retort.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ApiException;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorReaderTest {

  private static final Endpoint ENDPOINT =
      new Endpoint(
          "openai:http://host/v1#m",
          URI.create("http://host/v1/chat/completions"),
          "m",
          Optional.of(new ApiKey("MY_KEY", "s3cret")));
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private static final ErrorReader READER = new ErrorReader(ENDPOINT, CLOCK);

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 425, 429, 500, 502, 503, 504, 529})
  void statusesThatMayPassAreRetryable(int status) {
    assertThat(refusal(status, "{\"error\":{\"message\":\"later\"}}"))
        .isInstanceOf(RetryableApiException.class)
        .hasMessage("openai:http://host/v1#m answered %d: later", status);
  }

  @ParameterizedTest
  @CsvSource({
    "400, REQUEST",
    "413, REQUEST",
    "422, REQUEST",
    "401, ALL",
    "402, ALL",
    "403, ALL",
    "404, ALL",
    "405, ALL",
    "307, ALL"
  })
  void otherStatusesArePermanent(int status, Scope scope) {
    assertThat(refusal(status, "{\"error\":{\"message\":\"no\"}}"))
        .isInstanceOfSatisfying(
            PermanentApiException.class, e -> assertThat(e.scope()).isEqualTo(scope));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429 | {'error':{'message':'m','type':'insufficient_quota','code':'insufficient_quota'}}",
        "400 | {'type':'error','error':{'type':'invalid_request_error','message':'Your credit balance is too low'}}",
        "400 | {'error':{'code':'model_not_found','message':'m'}}",
        "400 | {'object':'error','message':'The model `x` does not exist.','code':400}",
        "404 | {'error':{'code':'DeploymentNotFound','message':'m'}}"
      })
  void whatNoRequestGetsAroundConcernsAll(int status, String body) {
    assertThat(refusal(status, body.replace('\'', '"')))
        .isInstanceOfSatisfying(
            PermanentApiException.class, e -> assertThat(e.scope()).isEqualTo(Scope.ALL));
  }

  @Test
  void aFilteredPromptConcernsItsRequest() {
    assertThat(refusal(400, "{\"error\":{\"code\":\"content_filter\",\"message\":\"filtered\"}}"))
        .isInstanceOfSatisfying(
            PermanentApiException.class, e -> assertThat(e.scope()).isEqualTo(Scope.REQUEST))
        .hasMessage(
            "openai:http://host/v1#m answered 400 (content_filter): filtered;"
                + " the same request will be refused again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'error':{'message':'overloaded','type':'x'}} | (x): overloaded", // OpenAI
        "{'type':'error','error':{'type':'x','message':'overloaded'}} | (x): overloaded", // Claude
        "{'object':'error','message':'overloaded','type':'x','code':503} | (x): overloaded", // vLLM
        "{'error':'overloaded','error_type':'x'} | (x): overloaded", // TGI
        "{'error':'overloaded'} | 503: overloaded", // Ollama
        "<html>overloaded</html> | 503: <html>overloaded</html>"
      })
  void everyServersWordsAreFound(String body, String expected) {
    assertThat(refusal(503, body.replace('\'', '"'))).hasMessageEndingWith(expected);
  }

  @Test
  void aWrongKeyIsNamedByItsVariable() {
    assertThat(refusal(401, "{\"error\":{\"message\":\"bad key s3cret\"}}"))
        .hasMessage(
            "openai:http://host/v1#m answered 401: bad key ***;"
                + " check the key in MY_KEY and what it may do");
  }

  @Test
  void aRedirectSaysWhereTo() {
    ApiException refusal =
        READER.refusal(
            301, name -> Optional.ofNullable(Map.of("Location", "https://b").get(name)), "");

    assertThat(refusal)
        .hasMessage(
            "openai:http://host/v1#m answered 301: it is now at https://b;"
                + " check the address and the model's name");
  }

  @Test
  void longMessagesAreCut() {
    assertThat(refusal(500, "x".repeat(100_000)).getMessage()).hasSizeLessThan(600).endsWith("x…");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'error':{'message':'m','code':502}} | RETRY",
        "{'error':{'message':'m','type':'server_error'}} | RETRY",
        "{'type':'error','error':{'type':'overloaded_error','message':'m'}} | RETRY",
        "{'error':{'message':'m','code':'rate_limit_exceeded'}} | RETRY",
        "{'error':{'message':'m','type':'invalid_request_error'}} | REQUEST",
        "{'error':{'message':'m','type':'authentication_error'}} | ALL",
        "{'error':{'message':'m','code':'insufficient_quota'}} | ALL"
      })
  void anErrorInsideAnAnswerIsNoAnswer(String body, String expected) {
    assertThatThrownBy(() -> READER.check(Answer.parse(ENDPOINT, body.replace('\'', '"'))))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(kind(e)).isEqualTo(expected));
  }

  @Test
  void anAnswerWithoutAnErrorIsOne() {
    assertThatCode(() -> READER.check(Answer.parse(ENDPOINT, "{\"error\":null}")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Retry-After | 7 | 7000",
        "Retry-After | 0.25 | 250",
        "Retry-After | Thu, 01 Jan 2026 00:01:30 GMT | 90000",
        "Retry-After | Wed, 31 Dec 2025 23:00:00 GMT | 0",
        "retry-after-ms | 1500 | 1500",
        "Retry-After | soon | -1",
        "Retry-After | -3 | -1"
      })
  void pausesAreRead(String header, String value, long millis) {
    ApiException refusal =
        READER.refusal(429, name -> Optional.of(value).filter(_ -> name.equals(header)), "{}");

    assertThat(refusal)
        .isInstanceOfSatisfying(
            RetryableApiException.class,
            e ->
                assertThat(e.retryAfter())
                    .isEqualTo(Optional.of(millis).filter(n -> n >= 0).map(Duration::ofMillis)));
  }

  private static ApiException refusal(int status, String body) {
    return READER.refusal(status, _ -> Optional.empty(), body);
  }

  private static String kind(ApiException failure) {
    return switch (failure) {
      case RetryableApiException _ -> "RETRY";
      case PermanentApiException permanent -> permanent.scope().name();
    };
  }
}
