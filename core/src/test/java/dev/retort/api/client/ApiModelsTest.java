package dev.retort.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatModel;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.ScriptedModel;
import dev.retort.api.TextScorer;
import dev.retort.api.fake.FakeApi;
import dev.retort.api.fake.Fault;
import dev.retort.api.fake.Faults;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiModelsTest {

  @ParameterizedTest
  @CsvSource({
    "openai:https://api.openai.com/v1#gpt, OPENAI_API_KEY",
    "openai-completions:https://api.openai.com/v1#davinci, OPENAI_API_KEY",
    "azure:https://name.openai.azure.com#gpt, AZURE_OPENAI_API_KEY",
    "anthropic:https://api.anthropic.com#claude, ANTHROPIC_API_KEY"
  })
  void aVendorNeedsItsKey(String address, String variable) {
    assertThatThrownBy(() ->
            ApiModels.open(ApiAddress.parse(address), ApiSettings.DEFAULTS, ApiModelsTest::unset))
        .isInstanceOf(PermanentApiException.class)
        .hasMessage(
            "%s needs a key: set the environment variable %s, or name another one as 'key'",
            address, variable);
  }

  @Test
  void aNamedKeyIsNeededToo() {
    ApiAddress address = ApiAddress.parse("openai:http://localhost:8000/v1#m");

    assertThatThrownBy(() -> ApiModels.open(address, withKey("MY_KEY"), ApiModelsTest::unset))
        .hasMessageContaining("environment variable MY_KEY");
  }

  @Test
  void otherServersNeedNoKeyAndSeeNone() throws Exception {
    Map<String, String> environment = Map.of("OPENAI_API_KEY", FakeApi.KEY);
    try (FakeApi api = new FakeApi(Faults.script());
        ChatModel model =
            ApiModels.open(address(api, "tiny"), ApiSettings.DEFAULTS, from(environment))) {
      PermanentApiException refusal =
          catchThrowableOfType(
              PermanentApiException.class, () -> model.answer(ScriptedModel.asks("hello")));

      assertThat(refusal.scope()).isEqualTo(Scope.ALL);
      assertThat(refusal).hasMessageContaining("name the environment variable");
    }
  }

  @Test
  void aKeyThatCannotStandInAHeaderIsNotShown() {
    ApiAddress address = ApiAddress.parse("openai:http://localhost:8000/v1#m");

    assertThatThrownBy(() ->
            ApiModels.open(
                address, withKey("MY_KEY"), from(Map.of("MY_KEY", "s3cret\nHost: other"))))
        .hasMessageContaining("MY_KEY")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void anOpenedModelTriesAgain() throws Exception {
    try (FakeApi api = new FakeApi(Faults.script(Fault.SERVER_ERROR));
        ChatModel model = ApiModels.open(address(api, "tiny"), withKey("MY_KEY"), from(key()))) {
      assertThat(model.answer(ScriptedModel.asks("hello")).text()).startsWith("Ünder «hello»");
      assertThat(api.faulted()).isEqualTo(1);
      assertThat(model.identity()).isEqualTo("openai:" + api.uri() + "/v1#tiny");
      assertThat(model.name()).isEqualTo("tiny");
    }
  }

  @ParameterizedTest
  @CsvSource({"vllm, 0.125", "echoing, 1"})
  void aTextIsScored(String model, double between) throws Exception {
    try (FakeApi api = new FakeApi(Faults.script());
        TextScorer scorer =
            ApiModels.openScorer(completions(api, model), withKey("MY_KEY"), from(key()))) {
      assertThat(scorer.score("one two three", 2))
          .extracting(TokenLogprob::token, TokenLogprob::logprob)
          .containsExactly(tuple(" two", -0.25), tuple(" three", -0.375));
      assertThat(scorer.score("one two three", 2).getFirst().top())
          .startsWith(new Alternative(" two", -0.25), new Alternative("other1", -0.25 - between));
    }
  }

  @Test
  void aServerThatScoresNoTextsSaysSo() throws Exception {
    try (FakeApi api = new FakeApi(Faults.script());
        TextScorer scorer =
            ApiModels.openScorer(completions(api, "deaf"), withKey("MY_KEY"), from(key()))) {
      assertThatThrownBy(() -> scorer.score("one two three", 2))
          .isInstanceOf(PermanentApiException.class)
          .hasMessageContaining("gives no log-probabilities of a given text");
      assertThatThrownBy(() ->
              ApiModels.openScorer(address(api, "m"), ApiSettings.DEFAULTS, ApiModelsTest::unset))
          .hasMessageContaining("scores no texts");
    }
  }

  private static Optional<String> unset(String variable) {
    return Optional.empty();
  }

  private static ApiAddress address(FakeApi api, String model) {
    return ApiAddress.parse("openai:%s/v1#%s".formatted(api.uri(), model));
  }

  private static ApiAddress completions(FakeApi api, String model) {
    return ApiAddress.parse("openai-completions:%s/v1#%s".formatted(api.uri(), model));
  }

  private static Map<String, String> key() {
    return Map.of("MY_KEY", FakeApi.KEY);
  }

  private static Function<String, Optional<String>> from(Map<String, String> environment) {
    return name -> Optional.ofNullable(environment.get(name));
  }

  private static ApiSettings withKey(String variable) {
    ApiSettings some = ApiSettings.DEFAULTS;
    return new ApiSettings(
        Optional.of(variable),
        some.requestsPerMinute(),
        some.tokensPerMinute(),
        some.concurrency(),
        some.timeoutSeconds(),
        some.attempts(),
        some.patienceSeconds(),
        some.streaming(),
        some.apiVersion(),
        some.endpoint());
  }
}
