package dev.retort.api.client;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.api.ChatModel;
import dev.retort.api.PermanentApiException;
import dev.retort.api.TextScorer;
import dev.retort.api.client.BedrockChatModel.Connection;
import dev.retort.api.limit.LimitedChatModel;
import dev.retort.api.limit.Limits;
import dev.retort.api.limit.Persistence;
import dev.retort.api.limit.PersistentChatModel;
import dev.retort.api.limit.TimeSource;
import dev.retort.api.wire.ApiKey;
import dev.retort.api.wire.OpenAiChat;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/// Opens models behind APIs: a client, kept to its limits, and persistent.
public final class ApiModels {

  private final ApiSettings settings;
  private final Function<String, Optional<String>> environment;
  private final TimeSource time;

  private ApiModels(
      ApiSettings settings, Function<String, Optional<String>> environment, TimeSource time) {
    this.settings = settings;
    this.environment = environment;
    this.time = time;
  }

  /// Opens a model that answers requests. Nothing is sent until it is asked.
  ///
  /// @param environment the value of an environment variable, if it is set
  /// @throws PermanentApiException if the key is missing; the message names its variable
  public static ChatModel open(
      ApiAddress address, ApiSettings settings, Function<String, Optional<String>> environment) {
    return new ApiModels(settings, environment, TimeSource.system()).model(address);
  }

  /// Opens a model that scores texts.
  ///
  /// @param environment the value of an environment variable, if it is set
  /// @throws PermanentApiException if the key is missing, or if this kind of API scores no texts
  public static TextScorer openScorer(
      ApiAddress address, ApiSettings settings, Function<String, Optional<String>> environment) {
    return new ApiModels(settings, environment, TimeSource.system()).scorer(address);
  }

  /// How the model at `address`, which speaks OpenAI's chat, is spoken to.
  static OpenAiChat chat(
      ApiAddress.Web address,
      ApiSettings settings,
      Function<String, Optional<String>> environment) {
    return new ApiModels(settings, environment, TimeSource.system()).wires(address).chat();
  }

  private ChatModel model(ApiAddress address) {
    ChatModel client =
        switch (address) {
          case ApiAddress.Web web ->
              new HttpChatModel(wires(web).wire(), settings.streaming(), settings.timeout());
          case ApiAddress.Bedrock bedrock -> bedrock(bedrock);
        };
    return new PersistentChatModel(new LimitedChatModel(client, limits()), persistence());
  }

  private TextScorer scorer(ApiAddress address) {
    if (address instanceof ApiAddress.Web web && web.kind() == ApiAddress.Kind.OPENAI_COMPLETIONS) {
      TextScorer client = new HttpTextScorer(wires(web).completions(), settings.timeout());
      return new GuardedTextScorer(client, limits(), persistence());
    }
    throw new PermanentApiException(
        "%s scores no texts; an address that begins with openai-completions: may"
            .formatted(address.text()),
        PermanentApiException.Scope.ALL);
  }

  private Wires wires(ApiAddress.Web address) {
    return new Wires(address, key(address), settings.apiVersion().orElse(Wires.AZURE_VERSION));
  }

  private ChatModel bedrock(ApiAddress.Bedrock address) {
    return new BedrockChatModel(
        address,
        new Connection(
            settings.endpoint().map(URI::create),
            DefaultCredentialsProvider.builder().build(),
            settings.timeout(),
            settings.concurrency()));
  }

  private Optional<ApiKey> key(ApiAddress.Web address) {
    Optional<String> variable =
        settings
            .key()
            .or(() -> Optional.of(Vendor.of(address).keyVariable()))
            .filter(name -> !name.isEmpty());
    return variable.map(name ->
        environment
            .apply(name)
            .map(String::strip)
            .filter(value -> !value.isEmpty())
            .map(value -> new ApiKey(name, value))
            .orElseThrow(() -> missing(address, name)));
  }

  private static PermanentApiException missing(ApiAddress address, String variable) {
    return new PermanentApiException(
        "%s needs a key: set the environment variable %s, or name another one as 'key'"
            .formatted(address.text(), variable),
        PermanentApiException.Scope.ALL);
  }

  private Limits limits() {
    return new Limits(
        new Limits.Settings(
            settings.concurrency(),
            settings.requestsPerMinute(),
            settings.tokensPerMinute(),
            settings.patience()),
        time);
  }

  private Persistence persistence() {
    return new Persistence(Persistence.Settings.of(settings.attempts(), settings.patience()), time);
  }
}
