package dev.retort.chat;

import dev.retort.chat.jinja.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads conversations from the rows of data sets, in the shapes that are in use:
///
/// * OpenAI's: `messages` with `role` and `content`, and `tools`;
/// * ShareGPT's: `conversations` with `from` and `value`, `system` and `tools`;
/// * `prompt` and `completion`, each a text or a list of messages;
/// * Alpaca's: `instruction`, `input` and `output`, and `system`;
/// * preferences: `chosen` and `rejected`, each a text or a list of messages, after a `prompt`.
///
/// Fields that are neither are not looked at, and further fields of messages are kept: templates
/// may read them.
public final class Conversations {
  private static final Map<String, String> SHARE_GPT =
      Map.ofEntries(
          Map.entry("human", "user"),
          Map.entry("user", "user"),
          Map.entry("gpt", "assistant"),
          Map.entry("assistant", "assistant"),
          Map.entry("chatgpt", "assistant"),
          Map.entry("model", "assistant"),
          Map.entry("bot", "assistant"),
          Map.entry("system", "system"),
          Map.entry("tool", "tool"),
          Map.entry("observation", "tool"),
          Map.entry("function_response", "tool"));

  private Conversations() {}

  /// Reads one row.
  ///
  /// @throws ChatException if it has none of these shapes, or a field of it is not as it must be
  public static Conversation read(JsonNode row) {
    if (row.has("messages")) {
      return new Conversation(messages(row, "messages"), tools(row));
    }
    if (row.has("conversations")) {
      List<Message> messages = new ArrayList<>(system(row));
      messages.addAll(messages(row, "conversations"));
      return new Conversation(messages, tools(row));
    }
    if (row.has("prompt") && row.has("completion")) {
      List<Message> messages = new ArrayList<>(side(row, "prompt", "user"));
      messages.addAll(side(row, "completion", "assistant"));
      return new Conversation(messages, tools(row));
    }
    if (row.has("instruction") && row.has("output")) {
      return alpaca(row);
    }
    throw new ChatException(
        "is no conversation: the fields are %s; allowed are 'messages', 'conversations', 'prompt' and 'completion', or 'instruction' and 'output'"
            .formatted(row.isObject() ? row.propertyNames() : "missing, as this is no object"));
  }

  /// Reads one answer of a row of preferences: what is in `side`, which is `chosen` or `rejected`,
  /// after the `prompt`, if the row has one apart.
  ///
  /// @throws ChatException if a field is not as it must be
  public static Conversation answer(JsonNode row, String side) {
    List<Message> messages = new ArrayList<>(system(row));
    if (row.has("prompt")) {
      messages.addAll(side(row, "prompt", "user"));
    }
    messages.addAll(side(row, side, "assistant"));
    return new Conversation(messages, tools(row));
  }

  private static Conversation alpaca(JsonNode row) {
    List<Message> messages = new ArrayList<>(system(row));
    String instruction = text(row, "instruction");
    Optional<String> input = optional(row, "input").filter(text -> !text.isBlank());
    String question = input.map(text -> instruction + "\n\n" + text).orElse(instruction);
    messages.add(Message.of("user", question));
    messages.add(Message.of("assistant", text(row, "output")));
    return new Conversation(messages, List.of());
  }

  private static List<Message> system(JsonNode row) {
    return optional(row, "system")
        .filter(text -> !text.isBlank())
        .map(text -> List.of(Message.of("system", text)))
        .orElse(List.of());
  }

  private static List<Message> side(JsonNode row, String field, String role) {
    return row.path(field).isArray()
        ? messages(row, field)
        : List.of(Message.of(role, text(row, field)));
  }

  private static List<Message> messages(JsonNode row, String field) {
    JsonNode list = row.path(field);
    if (!list.isArray() || list.isEmpty()) {
      throw wrong(field, "a list of messages that is not empty", list);
    }
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      messages.add(message(field + "[" + i + "]", list.get(i)));
    }
    return messages;
  }

  private static Message message(String at, JsonNode message) {
    if (!message.isObject()) {
      throw wrong(at, "an object", message);
    }
    if (message.has("from")) {
      return shareGpt(at, message);
    }
    JsonNode role = message.path("role");
    if (!role.isString()) {
      throw wrong(at + ".role", "a text such as 'user' or 'assistant'", role);
    }
    JsonNode content = message.path("content");
    boolean empty = content.isMissingNode() || content.isNull();
    if (!content.isString() && !content.isArray() && !(empty && saysMore(message))) {
      throw wrong(at + ".content", "a text, or a list of parts", content);
    }
    return new Message(ToolCalls.parsed(at, JsonValues.dict(message)));
  }

  /// Whether a message without content says something else.
  private static boolean saysMore(JsonNode message) {
    return message.path("tool_calls").isArray() || message.path("reasoning_content").isString();
  }

  private static Message shareGpt(String at, JsonNode message) {
    JsonNode from = message.path("from");
    String role = from.isString() ? SHARE_GPT.get(from.stringValue()) : null;
    if (role == null) {
      throw wrong(at + ".from", "one of " + SHARE_GPT.keySet().stream().sorted().toList(), from);
    }
    JsonNode value = message.path("value");
    if (!value.isString()) {
      throw wrong(at + ".value", "a text", value);
    }
    return Message.of(role, value.stringValue());
  }

  /// The tools of a row; some data sets hold them as a text of JSON.
  private static List<Value> tools(JsonNode row) {
    JsonNode tools = row.path("tools");
    if (tools.isMissingNode() || tools.isNull()) {
      return List.of();
    }
    JsonNode list = tools.isString() ? ToolCalls.parse("tools", tools.stringValue()) : tools;
    if (!list.isArray()) {
      throw wrong("tools", "a list of JSON schemas", tools);
    }
    return list.valueStream().map(JsonValues::of).toList();
  }

  private static String text(JsonNode row, String field) {
    JsonNode value = row.path(field);
    if (!value.isString()) {
      throw wrong(field, "a text", value);
    }
    return value.stringValue();
  }

  private static Optional<String> optional(JsonNode row, String field) {
    JsonNode value = row.path(field);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(text(row, field));
  }

  private static ChatException wrong(String field, String expected, JsonNode found) {
    return new ChatException(
        found.isMissingNode()
            ? "%s is missing; it must be %s".formatted(field, expected)
            : "%s must be %s, but is %s".formatted(field, expected, found));
  }
}
