package dev.retort.api.client;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.api.PermanentApiException;
import dev.retort.api.wire.Answer;
import dev.retort.api.wire.OpenAiChat;
import dev.retort.batch.BatchApi;
import dev.retort.batch.BatchDoor;
import dev.retort.batch.BatchHttp;
import dev.retort.batch.BatchWire;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Opens models that are asked in batches, as OpenAI's API and servers like it offer.
public final class ApiBatches {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private ApiBatches() {}

  /// Opens the batches of a model. Nothing is sent until it is asked.
  ///
  /// @param environment the value of an environment variable, if it is set
  /// @throws PermanentApiException if the key is missing, or if this kind of API has no batches
  ///   here
  public static BatchDoor open(
      ApiAddress address, ApiSettings settings, Function<String, Optional<String>> environment) {
    if (!(address instanceof ApiAddress.Web web) || web.kind() != ApiAddress.Kind.OPENAI) {
      throw new PermanentApiException(
          "%s is not asked in batches, which addresses that begin with openai: are; leave `batch` out"
              .formatted(address.text()),
          PermanentApiException.Scope.ALL);
    }
    OpenAiChat chat = ApiModels.chat(web, settings, environment);
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(settings.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    BatchHttp http = new BatchHttp(client, web.base(), chat.headers(), settings.timeout());
    return new BatchDoor(new BatchApi(http, FIRST_PAUSE, settings.attempts()), new Chat(chat));
  }

  /// A batch's lines are the bodies of requests and responses that are asked one by one.
  private record Chat(OpenAiChat chat) implements BatchWire {

    @Override
    public JsonNode body(ChatRequest request) {
      return chat.body(request, false);
    }

    @Override
    public ChatAnswer answer(JsonNode body) {
      return chat.answer(new Answer(chat.endpoint(), Optional.empty(), "", body));
    }
  }
}
