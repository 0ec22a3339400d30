package dev.retort.api.wire;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What requests to OpenAI's APIs, and to those like them, have in common.
///
/// @param endpoint where they go
/// @param dialect whose server it is
record OpenAiRequest(Endpoint endpoint, Dialect dialect) {

  private static final double DEFAULT = 1;

  /// A request that says how an answer is chosen, but not yet what is asked.
  ObjectNode body(ChatRequest request, boolean streaming) {
    Decoding decoding = request.decoding();
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("model", endpoint.model());
    putUnlessDefault(body, "temperature", decoding.temperature());
    putUnlessDefault(body, "top_p", decoding.topP());
    body.put("seed", request.sample());
    if (!decoding.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      decoding.stop().forEach(stop::add);
    }
    if (streaming) {
      body.put("stream", true).putObject("stream_options").put("include_usage", true);
    }
    return body;
  }

  /// What makes a server keep to a schema.
  void putSchema(ObjectNode body, AnswerSchema schema) {
    ObjectNode format = body.putObject("response_format").put("type", "json_schema");
    format
        .putObject("json_schema")
        .put("name", schema.name())
        .put("strict", true)
        .set("schema", Schemas.parse(endpoint.name(), schema));
  }

  /// The header that shows the key.
  Map<String, String> headers() {
    Optional<ApiKey> key = endpoint.key();
    return switch (dialect) {
      case AZURE -> key.map(secret -> Map.of("api-key", secret.value())).orElse(Map.of());
      case OPENAI, COMPATIBLE ->
          key.map(secret -> Map.of("Authorization", "Bearer " + secret.value())).orElse(Map.of());
    };
  }

  /// OpenAI's reasoning models refuse these settings, even at their defaults; other servers may
  /// have other defaults.
  private void putUnlessDefault(ObjectNode body, String name, double value) {
    if (dialect == Dialect.COMPATIBLE || value != DEFAULT) {
      body.put(name, value);
    }
  }
}
