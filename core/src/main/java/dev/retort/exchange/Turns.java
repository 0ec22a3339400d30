package dev.retort.exchange;

import dev.retort.api.ChatTurn;
import dev.retort.api.ChatTurn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads the turns of conversations. Only texts can be taken: rows with tools, images or other
/// content are refused rather than shortened.
final class Turns {

  /// What models think before they answer is no part of the answer.
  private static final Set<String> THOUGHTS =
      Set.of("thinking", "redacted_thinking", "reasoningContent", "reasoning");

  private Turns() {}

  /// Messages with `role` and `content`, as OpenAI, Anthropic and Bedrock have them.
  static List<ChatTurn> messages(String field, JsonNode messages) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw RowException.wrong(field, "a list of messages that is not empty", messages);
    }
    List<ChatTurn> turns = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      turns.add(message("%s[%d]".formatted(field, i), messages.get(i)));
    }
    return turns;
  }

  /// Instructions above a conversation: a text or a list of blocks, which may be missing.
  static List<ChatTurn> system(JsonNode system) {
    if (system.isMissingNode() || system.isNull() || (system.isArray() && system.isEmpty())) {
      return List.of();
    }
    String text = content("system", system);
    return text.isBlank() ? List.of() : List.of(ChatTurn.system(text));
  }

  static ChatTurn message(String at, JsonNode message) {
    JsonNode role = message.path("role");
    Role who = role(at + ".role", role, role.asString(""));
    if (message.path("tool_calls").size() > 0 || message.path("function_call").isObject()) {
      throw new RowException(at + " calls a tool; only texts can be taken");
    }
    JsonNode content = message.path("content");
    JsonNode parts = message.path("content_parts");
    return new ChatTurn(who, content(at + ".content", parts.isArray() ? parts : content));
  }

  static Role role(String at, JsonNode found, String role) {
    return switch (role) {
      case "system", "developer" -> Role.SYSTEM;
      case "user", "human" -> Role.USER;
      case "assistant", "gpt", "chatgpt", "model", "bot" -> Role.ASSISTANT;
      default -> throw RowException.wrong(at, "system, user or assistant", found);
    };
  }

  /// A text, or a list of blocks of which all are texts or thoughts.
  static String content(String at, JsonNode content) {
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray()) {
      throw RowException.wrong(at, "a text or a list of texts", content);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.size(); i++) {
      block("%s[%d]".formatted(at, i), content.get(i)).ifPresent(text::append);
    }
    return text.toString();
  }

  private static Optional<String> block(String at, JsonNode block) {
    JsonNode text = block.path("text");
    String type = block.path("type").asString("text");
    if (text.isString() && type.equals("text")) {
      return Optional.of(text.stringValue());
    }
    if (THOUGHTS.contains(type) || THOUGHTS.stream().anyMatch(block::has)) {
      return Optional.empty();
    }
    throw RowException.wrong(at, "a text", block);
  }
}
