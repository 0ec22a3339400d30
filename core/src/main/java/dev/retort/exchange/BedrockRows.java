package dev.retort.exchange;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatTurn;
import dev.retort.data.Place;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rows that Amazon Bedrock writes and reads.
final class BedrockRows {

  /// `schemaVersion` of conversations.
  static final String CONVERSATION = "bedrock-conversation-2024";

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private BedrockRows() {}

  static List<ExchangeRecord> conversation(Place place, JsonNode row) {
    String version = RowException.text(row, "schemaVersion");
    if (!version.equals(CONVERSATION)) {
      throw RowException.wrong("schemaVersion", CONVERSATION, row.path("schemaVersion"));
    }
    List<ChatTurn> turns = new ArrayList<>(Turns.system(row.path("system")));
    turns.addAll(Turns.messages("messages", row.path("messages")));
    return List.of(ExchangeRecord.of(turns, place));
  }

  static ObjectNode conversation(List<ChatTurn> turns) {
    ObjectNode row = MAPPER.createObjectNode().put("schemaVersion", CONVERSATION);
    List<ChatTurn> system =
        turns.stream().filter(turn -> turn.role() == ChatTurn.Role.SYSTEM).toList();
    if (!system.isEmpty()) {
      ArrayNode blocks = row.putArray("system");
      system.forEach(turn -> blocks.addObject().put("text", turn.text()));
    }
    ArrayNode messages = row.putArray("messages");
    turns.stream()
        .filter(turn -> turn.role() != ChatTurn.Role.SYSTEM)
        .forEach(turn -> {
          ObjectNode message = messages.addObject();
          message.put("role", turn.role() == ChatTurn.Role.USER ? "user" : "assistant");
          message.putArray("content").addObject().put("text", turn.text());
        });
    return row;
  }

  static List<ExchangeRecord> log(Place place, JsonNode row) {
    if (row.path("errorCode").isString()) {
      throw new RowException("the request failed: " + row.path("errorCode").stringValue());
    }
    JsonNode asked = body(row.path("input"), "input");
    JsonNode said = body(row.path("output"), "output");
    if (!asked.path("messages").isArray()) {
      throw RowException.wrong(
          "input.inputBodyJson.messages",
          "a list, as Converse and Anthropic's models have it",
          asked.path("messages"));
    }
    List<ChatTurn> turns = new ArrayList<>(Turns.system(asked.path("system")));
    turns.addAll(Turns.messages("input.inputBodyJson.messages", asked.path("messages")));
    BedrockAnswer answer = BedrockAnswer.of(said);
    turns.add(ChatTurn.assistant(answer.text()));
    Teacher teacher =
        new Teacher(
            RowException.text(row, "modelId"),
            row.path("requestId").asString(""),
            finish(answer.stopReason()),
            usage(row, answer.usage()),
            at(row),
            0);
    return List.of(
        new ExchangeRecord(
            turns,
            place,
            Optional.of(teacher),
            Optional.empty(),
            OpenAiRows.texts(row.path("requestMetadata"))));
  }

  /// The body of a request or response, which large ones have apart from the log.
  private static JsonNode body(JsonNode side, String name) {
    JsonNode body = side.path(name + "BodyJson");
    JsonNode apart = side.path(name + "BodyS3Path");
    if (body.isString()) {
      try {
        return MAPPER.readTree(body.stringValue());
      } catch (JacksonException e) {
        throw new RowException(
            "%s.%sBodyJson is no JSON (%s)".formatted(name, name, e.getOriginalMessage()));
      }
    }
    if (!body.isContainer() && apart.isString()) {
      throw new RowException(
          "its %s lies apart at %s; put that into %s.%sBodyJson"
              .formatted(name, apart.stringValue(), name, name));
    }
    if (!body.isContainer()) {
      throw RowException.wrong("%s.%sBodyJson".formatted(name, name), "an object", body);
    }
    return body;
  }

  private static Finish finish(String reason) {
    return switch (reason) {
      case "end_turn", "stop_sequence" -> Finish.STOP;
      case "max_tokens", "model_context_window_exceeded" -> Finish.LENGTH;
      case "guardrail_intervened", "content_filtered" -> Finish.FILTERED;
      case "refusal" -> Finish.REFUSED;
      default -> Finish.OTHER;
    };
  }

  private static Usage usage(JsonNode row, JsonNode usage) {
    long input =
        first(
            usage.path("inputTokens"),
            usage.path("input_tokens"),
            row.at("/input/inputTokenCount"));
    long cached =
        first(
            usage.path("cacheReadInputTokens"),
            usage.path("cache_read_input_tokens"),
            row.at("/input/cacheReadInputTokenCount"));
    long output =
        first(
            usage.path("outputTokens"),
            usage.path("output_tokens"),
            row.at("/output/outputTokenCount"));
    // Bedrock counts cached tokens apart; here they are part of the input.
    return new Usage(input + cached, cached, output);
  }

  private static long first(JsonNode... counts) {
    for (JsonNode count : counts) {
      if (count.isIntegralNumber()) {
        return count.asLong();
      }
    }
    return 0;
  }

  private static Optional<Instant> at(JsonNode row) {
    try {
      return Optional.of(Instant.parse(row.path("timestamp").asString("")));
    } catch (DateTimeException unreadable) {
      return Optional.empty(); // the answer is worth having without its time
    }
  }
}
