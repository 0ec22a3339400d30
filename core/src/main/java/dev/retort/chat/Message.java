package dev.retort.chat;

import dev.retort.chat.jinja.Value;
import java.util.Map;
import java.util.Optional;

/// What one side of a conversation said.
///
/// @param fields all that templates may read: `role`, `content`, `tool_calls`, `reasoning_content`
///   and whatever else the data have
public record Message(Value.Dict fields) {

  /// @throws ChatException if there is no role
  public Message {
    if (!(fields.get("role").orElse(Value.None.NONE) instanceof Value.Text)) {
      throw new ChatException("a message has no text as its role");
    }
  }

  /// A message of plain text.
  ///
  /// @param role such as `system`, `user`, `assistant` or `tool`
  public static Message of(String role, String content) {
    return new Message(
        Value.Dict.of(Map.of()).with("role", Value.of(role)).with("content", Value.of(content)));
  }

  /// The same message with another field.
  public Message with(String field, Value value) {
    return new Message(fields.with(field, value));
  }

  /// Who said it.
  public String role() {
    return fields.get("role").flatMap(Message::text).orElseThrow();
  }

  /// The content, if it is a text.
  public Optional<String> content() {
    return fields.get("content").flatMap(Message::text);
  }

  private static Optional<String> text(Value value) {
    return value instanceof Value.Text(String text) ? Optional.of(text) : Optional.empty();
  }
}
