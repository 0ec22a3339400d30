package dev.retort.api.fake;

import java.util.List;
import java.util.Optional;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What OpenAI's chats and completions have in common.
final class FakeOpenAi {

  static final String ID = "answer-1";

  private FakeOpenAi() {}

  static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }

  static boolean admits(RecordedRequest request) {
    return ("Bearer " + FakeApi.KEY).equals(request.getHeaders().get("Authorization"))
        || FakeApi.KEY.equals(request.getHeaders().get("api-key"));
  }

  static ObjectNode head(String type, String model) {
    return object()
        .put("id", ID)
        .put("object", type)
        .put("created", 1_700_000_000)
        .put("model", model);
  }

  static ObjectNode usage(FakeReply reply) {
    ObjectNode usage =
        object()
            .put("prompt_tokens", reply.inputTokens())
            .put("completion_tokens", reply.tokens().size())
            .put("total_tokens", reply.inputTokens() + reply.tokens().size());
    usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
    return usage;
  }

  /// The events after the last of an answer's: what it cost, and the end.
  ///
  /// @param head the beginning of an event
  static List<String> end(ObjectNode head, FakeReply reply) {
    head.putArray("choices");
    head.set("usage", usage(reply));
    return List.of(head.toString(), "[DONE]");
  }

  static String finish(FakeReply reply) {
    return switch (reply.finish()) {
      case STOP, REFUSED -> "stop";
      case LENGTH -> "length";
      case FILTERED -> "content_filter";
    };
  }

  static int maxTokens(JsonNode body) {
    return body.path("max_completion_tokens").asInt(body.path("max_tokens").asInt(16));
  }

  static FakeWire.FakeError error(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> error(429, "requests", "rate_limit_exceeded", "Rate limit reached");
      case OVERLOADED -> error(503, "server_error", "", "The engine is currently overloaded");
      case BAD_KEY ->
          error(
              401,
              "invalid_request_error",
              "invalid_api_key",
              "Incorrect API key provided: " + FakeApi.KEY);
      case NO_CREDIT ->
          error(429, "insufficient_quota", "insufficient_quota", "You exceeded your quota");
      case BAD_REQUEST -> error(400, "invalid_request_error", "", "Invalid value for 'stop'");
      case UNKNOWN_MODEL ->
          error(404, "invalid_request_error", "model_not_found", "The model does not exist");
      default -> error(500, "server_error", "", "The server had an error");
    };
  }

  private static FakeWire.FakeError error(int status, String type, String code, String message) {
    ObjectNode body = object();
    ObjectNode error = body.putObject("error").put("message", message).put("type", type);
    if (code.isEmpty()) {
      error.putNull("code");
    } else {
      error.put("code", code);
    }
    error.putNull("param");
    return new FakeWire.FakeError(status, body, Optional.empty());
  }
}
