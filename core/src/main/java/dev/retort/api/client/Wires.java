package dev.retort.api.client;

import dev.retort.api.ApiAddress;
import dev.retort.api.wire.AnthropicMessages;
import dev.retort.api.wire.ApiKey;
import dev.retort.api.wire.Dialect;
import dev.retort.api.wire.Endpoint;
import dev.retort.api.wire.OpenAiChat;
import dev.retort.api.wire.OpenAiCompletions;
import dev.retort.api.wire.Wire;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The wire that an address speaks, and its paths.
///
/// @param address whose
/// @param key what opens it
/// @param apiVersion version of Azure's API
record Wires(ApiAddress.Web address, Optional<ApiKey> key, String apiVersion) {

  static final String AZURE_VERSION = "2024-10-21";

  Wire wire() {
    return switch (address.kind()) {
      case OPENAI -> chat();
      case OPENAI_COMPLETIONS -> completions();
      case AZURE -> new OpenAiChat(endpoint(azurePath()), Dialect.AZURE);
      case ANTHROPIC -> new AnthropicMessages(endpoint("/v1/messages"));
    };
  }

  OpenAiChat chat() {
    return new OpenAiChat(endpoint("/chat/completions"), dialect());
  }

  OpenAiCompletions completions() {
    return new OpenAiCompletions(endpoint("/completions"), dialect());
  }

  private Endpoint endpoint(String path) {
    URI uri = URI.create(address.base() + path);
    return new Endpoint(address.text(), uri, address.model(), key);
  }

  private Dialect dialect() {
    return Vendor.of(address) == Vendor.OPENAI ? Dialect.OPENAI : Dialect.COMPATIBLE;
  }

  private String azurePath() {
    return "/openai/deployments/%s/chat/completions?api-version=%s"
        .formatted(encoded(address.model()), encoded(apiVersion));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
