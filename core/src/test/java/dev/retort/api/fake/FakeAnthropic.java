package dev.retort.api.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's messages.
record FakeAnthropic() implements FakeWire {

  @Override
  public boolean serves(String path) {
    return path.equals("/v1/messages");
  }

  @Override
  public boolean admits(RecordedRequest request) {
    return FakeApi.KEY.equals(request.getHeaders().get("x-api-key"))
        && "2023-06-01".equals(request.getHeaders().get("anthropic-version"));
  }

  @Override
  public FakeQuestion read(String path, JsonNode body) {
    Stream<String> system = body.path("system").stringValueOpt().stream();
    Stream<String> turns =
        body.path("messages").valueStream().map(turn -> turn.path("content").asString());
    return new FakeQuestion(
        body.path("model").asString(),
        Stream.concat(system, turns).toList(),
        body.path("max_tokens").asInt(),
        Optional.empty(),
        body.path("tool_choice").path("name").stringValueOpt(),
        body.path("stream").asBoolean(false),
        false);
  }

  @Override
  public ObjectNode whole(FakeQuestion question, FakeReply reply) {
    ObjectNode message = message(question, reply);
    ObjectNode block = message.putArray("content").addObject();
    if (question.schema().isPresent()) {
      tool(block, question.schema().get()).set("input", JsonMapper.shared().readTree(reply.text()));
    } else {
      block.put("type", "text").put("text", reply.text());
    }
    return message.put("stop_reason", stopReason(question, reply));
  }

  @Override
  public List<String> events(FakeQuestion question, FakeReply reply) {
    List<String> events = new ArrayList<>();
    ObjectNode start = event("message_start");
    ObjectNode message = message(question, reply).putNull("stop_reason");
    message.putArray("content");
    message.withObject("usage").put("output_tokens", 1);
    start.set("message", message);
    events.add(start.toString());
    ObjectNode begin = event("content_block_start").put("index", 0);
    ObjectNode block = begin.putObject("content_block");
    if (question.schema().isPresent()) {
      tool(block, question.schema().get()).putObject("input");
    } else {
      block.put("type", "text").put("text", "");
    }
    events.add(begin.toString());
    events.add(event("ping").toString());
    for (String token : reply.tokens()) {
      ObjectNode next = event("content_block_delta").put("index", 0);
      boolean tool = question.schema().isPresent();
      next.putObject("delta")
          .put("type", tool ? "input_json_delta" : "text_delta")
          .put(tool ? "partial_json" : "text", token);
      events.add(next.toString());
    }
    events.add(event("content_block_stop").put("index", 0).toString());
    ObjectNode end = event("message_delta");
    end.putObject("delta").put("stop_reason", stopReason(question, reply)).putNull("stop_sequence");
    end.putObject("usage").put("output_tokens", reply.tokens().size());
    events.add(end.toString());
    events.add(event("message_stop").toString());
    return events;
  }

  @Override
  public Optional<String> eventName(String data) {
    return JsonMapper.shared().readTree(data).path("type").stringValueOpt();
  }

  @Override
  public FakeError error(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> error(429, "rate_limit_error", "Too many requests");
      case OVERLOADED -> error(529, "overloaded_error", "Overloaded");
      case BAD_KEY -> error(401, "authentication_error", "invalid x-api-key " + FakeApi.KEY);
      case NO_CREDIT -> error(400, "invalid_request_error", "Your credit balance is too low");
      case BAD_REQUEST -> error(400, "invalid_request_error", "messages: at least one");
      case UNKNOWN_MODEL -> error(404, "not_found_error", "model: none");
      default -> error(500, "api_error", "Internal server error");
    };
  }

  private static FakeError error(int status, String type, String message) {
    ObjectNode body = event("error");
    body.putObject("error").put("type", type).put("message", message);
    return new FakeError(status, body, Optional.empty());
  }

  private static ObjectNode event(String type) {
    return FakeOpenAi.object().put("type", type);
  }

  private static ObjectNode message(FakeQuestion question, FakeReply reply) {
    ObjectNode message =
        event("message")
            .put("id", FakeOpenAi.ID)
            .put("role", "assistant")
            .put("model", question.model())
            .putNull("stop_sequence");
    message
        .putObject("usage")
        .put("input_tokens", reply.inputTokens())
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", reply.tokens().size());
    return message;
  }

  private static ObjectNode tool(ObjectNode block, String name) {
    return block.put("type", "tool_use").put("id", "tool-1").put("name", name);
  }

  private static String stopReason(FakeQuestion question, FakeReply reply) {
    return switch (reply.finish()) {
      case STOP -> question.schema().isPresent() ? "tool_use" : "end_turn";
      case LENGTH -> "max_tokens";
      case FILTERED, REFUSED -> "refusal";
    };
  }
}
