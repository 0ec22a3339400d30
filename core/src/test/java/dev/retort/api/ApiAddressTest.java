package dev.retort.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai:https://api.openai.com/v1#gpt-4o-mini",
        "openai:http://localhost:8000/v1#meta-llama/Llama-3.1-8B",
        "openai-completions:http://127.0.0.1:8080/v1#llama",
        "azure:https://name.openai.azure.com#my deployment",
        "anthropic:https://api.anthropic.com#claude",
        "bedrock:us-gov-west-1#anthropic.claude-3-haiku-20240307-v1:0",
        "bedrock:eu-central-1#arn:aws:bedrock:eu-central-1:1:inference-profile/x"
      })
  void anAddressIsReadAndWritten(String text) {
    assertThat(ApiAddress.parse(text).text()).isEqualTo(text);
    assertThat(ApiAddress.recognises(text)).isTrue();
  }

  @Test
  void itsPartsAreKnown() {
    assertThat(ApiAddress.parse("openai-completions:http://host:1/v1/#a#b"))
        .isEqualTo(
            new ApiAddress.Web(
                ApiAddress.Kind.OPENAI_COMPLETIONS, URI.create("http://host:1/v1"), "a#b"));
    assertThat(ApiAddress.parse("bedrock:us-east-1#m"))
        .isEqualTo(new ApiAddress.Bedrock("us-east-1", "m"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hf:owner/name", "maven:a:b:1", "models/tiny", "C:\\models", "openai", ""})
  void addressesOfWeightsAreNotApis(String text) {
    assertThat(ApiAddress.recognises(text)).isFalse();
    assertThatThrownBy(() -> ApiAddress.parse(text))
        .hasMessageContaining(
            "API address '" + text + "' names no kind of API; allowed are openai:");
  }

  @ParameterizedTest
  @CsvSource({
    "openai:https://api.openai.com/v1, names no model after '#'",
    "openai:https://api.openai.com/v1#, names no model",
    "openai:ftp://api.openai.com#m, has no http or https URL",
    "openai:gpt-4o#m, has no http or https URL",
    "bedrock:https://us-east-1#m, names no AWS region",
    "bedrock:us-east-1, names no model after '#'"
  })
  void whatIsWrongIsSaid(String text, String problem) {
    assertThatThrownBy(() -> ApiAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("allowed are openai:URL#model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"openai:https://user:s3cret@host/v1#m", "openai:https://host/v1?key=s3cret#m"})
  void aSecretInAnAddressIsRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> ApiAddress.parse(text))
        .hasMessageContaining("without user, password and query")
        .hasMessageNotContaining("s3cret");
  }
}
