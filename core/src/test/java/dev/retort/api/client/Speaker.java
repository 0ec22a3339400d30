package dev.retort.api.client;

import dev.retort.api.ApiAddress;
import dev.retort.api.ChatModel;
import dev.retort.api.client.BedrockChatModel.Connection;
import dev.retort.api.fake.FakeApi;
import dev.retort.api.wire.ApiKey;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// Every way in which Retort's clients speak to an API.
enum Speaker {
  CHAT("openai:%s/v1#tiny", false),
  CHAT_STREAM("openai:%s/v1#tiny", true),
  COMPLETIONS("openai-completions:%s/v1#tiny", false),
  COMPLETIONS_STREAM("openai-completions:%s/v1#tiny", true),
  AZURE("azure:%s#tiny", false),
  AZURE_STREAM("azure:%s#tiny", true),
  ANTHROPIC("anthropic:%s#tiny", false),
  ANTHROPIC_STREAM("anthropic:%s#tiny", true),
  BEDROCK("bedrock:us-east-1#tiny", false);

  static final Duration PATIENT = Duration.ofSeconds(60);

  private final String address;
  private final boolean streaming;

  Speaker(String address, boolean streaming) {
    this.address = address;
    this.streaming = streaming;
  }

  boolean knowsLogprobs() {
    return switch (this) {
      case CHAT, CHAT_STREAM, COMPLETIONS, COMPLETIONS_STREAM, AZURE, AZURE_STREAM -> true;
      case ANTHROPIC, ANTHROPIC_STREAM, BEDROCK -> false;
    };
  }

  boolean knowsSchemas() {
    return this != COMPLETIONS && this != COMPLETIONS_STREAM;
  }

  ChatModel open(FakeApi api) {
    return open(api, FakeApi.KEY, PATIENT);
  }

  ChatModel open(FakeApi api, String key, Duration timeout) {
    return switch (ApiAddress.parse(address.formatted(api.uri()))) {
      case ApiAddress.Web web ->
          new HttpChatModel(
              new Wires(web, Optional.of(new ApiKey("RETORT_KEY", key)), Wires.AZURE_VERSION)
                  .wire(),
              streaming,
              timeout);
      case ApiAddress.Bedrock bedrock ->
          new BedrockChatModel(
              bedrock,
              new Connection(
                  Optional.of(api.uri()),
                  StaticCredentialsProvider.create(
                      AwsBasicCredentials.create(
                          key.equals(FakeApi.KEY) ? FakeApi.AWS_KEY_ID : "OTHER", key)),
                  timeout,
                  64));
    };
  }
}
