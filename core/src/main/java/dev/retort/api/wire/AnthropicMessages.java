package dev.retort.api.wire;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.ChatTurn.Role;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's messages. They offer neither log-probabilities nor a seed; an answer in a schema is
/// what the model gives to a tool that it must use.
///
/// @param endpoint where requests go
public record AnthropicMessages(Endpoint endpoint) implements Wire {

  private static final Map<String, String> VERSION = Map.of("anthropic-version", "2023-06-01");
  private static final double DEFAULT = 1;

  @Override
  public Map<String, String> headers() {
    return endpoint
        .key()
        .map(key ->
            Map.of("x-api-key", key.value(), "anthropic-version", VERSION.get("anthropic-version")))
        .orElse(VERSION);
  }

  @Override
  public ObjectNode body(ChatRequest request, boolean streaming) {
    Decoding decoding = request.decoding();
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("model", endpoint.model()).put("max_tokens", decoding.maxTokens());
    putTurns(body, request.turns());
    // Newer models refuse both at once, and some refuse either.
    if (decoding.temperature() != DEFAULT) {
      body.put("temperature", decoding.temperature());
    }
    if (decoding.topP() != DEFAULT) {
      body.put("top_p", decoding.topP());
    }
    if (!decoding.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop_sequences");
      decoding.stop().forEach(stop::add);
    }
    request.schema().ifPresent(schema -> putTool(body, schema));
    return streaming ? body.put("stream", true) : body;
  }

  @Override
  public ChatAnswer answer(Answer whole) {
    List<Answer> blocks = whole.at("content").items();
    Optional<Answer> tool = blocks.stream().filter(block -> is(block, "tool_use")).findFirst();
    String said =
        blocks.stream()
            .filter(block -> is(block, "text"))
            .map(block -> block.at("text").text())
            .collect(Collectors.joining());
    return new ChatAnswer(
        tool.map(block -> toolInput(block.at("input").json())).orElse(said),
        finish(whole.at("stop_reason").text()),
        usage(whole.at("usage")),
        whole.at("model").textOrEmpty(),
        whole.at("id").textOrEmpty(),
        List.of());
  }

  @Override
  public EventFold fold() {
    return new AnthropicFold();
  }

  private static void putTurns(ObjectNode body, List<ChatTurn> turns) {
    String system =
        turns.stream()
            .filter(turn -> turn.role() == Role.SYSTEM)
            .map(ChatTurn::text)
            .collect(Collectors.joining("\n\n"));
    if (!system.isEmpty()) {
      body.put("system", system);
    }
    ArrayNode messages = body.putArray("messages");
    for (ChatTurn turn : turns) {
      if (turn.role() != Role.SYSTEM) {
        String role = turn.role().name().toLowerCase(Locale.ROOT);
        messages.addObject().put("role", role).put("content", turn.text());
      }
    }
  }

  private void putTool(ObjectNode body, AnswerSchema schema) {
    body.putArray("tools")
        .addObject()
        .put("name", schema.name())
        .put("description", Schemas.TOOL_DESCRIPTION)
        .set("input_schema", Schemas.parse(endpoint.name(), schema));
    body.putObject("tool_choice").put("type", "tool").put("name", schema.name());
  }

  /// Of a tool whose input was cut there may be no more than a text.
  private static String toolInput(JsonNode input) {
    return input.isString() ? input.stringValue() : input.toString();
  }

  private static boolean is(Answer block, String type) {
    return block.at("type").text().equals(type);
  }

  private static Finish finish(String reason) {
    return switch (reason) {
      case "end_turn", "stop_sequence", "tool_use" -> Finish.STOP;
      case "max_tokens", "model_context_window_exceeded" -> Finish.LENGTH;
      case "refusal" -> Finish.REFUSED;
      default -> Finish.OTHER;
    };
  }

  private static Usage usage(Answer usage) {
    long read = usage.at("cache_read_input_tokens").count();
    long kept = usage.at("cache_creation_input_tokens").count();
    return new Usage(
        usage.at("input_tokens").count() + read + kept, read, usage.at("output_tokens").count());
  }
}
