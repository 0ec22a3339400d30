package dev.retort.chat;

import dev.retort.chat.jinja.Value;
import java.util.List;

/// Messages in their order, and the tools that the assistant may call.
///
/// @param tools JSON schemas of functions; templates are told of none if this is empty
public record Conversation(List<Message> messages, List<Value> tools) {

  public Conversation {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  /// A conversation without tools.
  public static Conversation of(Message... messages) {
    return new Conversation(List.of(messages), List.of());
  }

  /// Its first messages.
  public Conversation first(int count) {
    return new Conversation(messages.subList(0, count), tools);
  }
}
