package dev.retort.exchange;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// An answer in a log of Bedrock: of `Converse`, or of one of Anthropic's models, as a whole or as
/// the events of a stream.
///
/// @param text what was said
/// @param stopReason why it ended, as Bedrock calls it
/// @param usage counts of tokens
record BedrockAnswer(String text, String stopReason, JsonNode usage) {

  static BedrockAnswer of(JsonNode body) {
    if (body.isArray()) {
      return ofEvents(body);
    }
    JsonNode message = body.path("output").path("message");
    JsonNode content = message.isObject() ? message.path("content") : body.path("content");
    if (!content.isArray()) {
      throw new RowException(
          "output.outputBodyJson has neither output.message.content, as Converse writes it, nor content, as Anthropic's models do");
    }
    return new BedrockAnswer(
        Turns.content("output.outputBodyJson content", content),
        stopReason(body),
        body.path("usage"));
  }

  private static BedrockAnswer ofEvents(JsonNode events) {
    StringBuilder text = new StringBuilder();
    String stopReason = "";
    JsonNode usage = JsonNodeFactory.instance.objectNode();
    for (JsonNode event : events) {
      JsonNode delta =
          event.has("contentBlockDelta")
              ? event.path("contentBlockDelta").path("delta")
              : event.path("delta");
      if (delta.has("toolUse") || delta.has("partial_json")) {
        throw new RowException("the answer calls a tool; only texts can be taken");
      }
      text.append(delta.path("text").asString(""));
      JsonNode ended = event.has("messageStop") ? event.path("messageStop") : delta;
      stopReason = stopReason(ended).isEmpty() ? stopReason : stopReason(ended);
      usage = event.has("metadata") ? event.path("metadata").path("usage") : usage;
    }
    if (stopReason.isEmpty()) {
      throw new RowException("the events of output.outputBodyJson have no end; the stream was cut");
    }
    return new BedrockAnswer(text.toString(), stopReason, usage);
  }

  private static String stopReason(JsonNode object) {
    return object.path("stopReason").asString(object.path("stop_reason").asString(""));
  }
}
