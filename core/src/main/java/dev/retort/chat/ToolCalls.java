package dev.retort.chat;

import dev.retort.chat.jinja.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns the arguments of tool calls, which OpenAI writes as texts of JSON, into the objects that
/// templates are written for.
final class ToolCalls {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private ToolCalls() {}

  /// The message with arguments as objects.
  ///
  /// @param at where it stands, for messages
  static Value.Dict parsed(String at, Value.Dict message) {
    if (!(message.get("tool_calls").orElse(Value.None.NONE) instanceof Value.Sequence calls)) {
      return message;
    }
    List<Value> parsed = new ArrayList<>();
    for (int i = 0; i < calls.items().size(); i++) {
      parsed.add(call("%s.tool_calls[%d]".formatted(at, i), calls.items().get(i)));
    }
    return message.with("tool_calls", Value.of(parsed));
  }

  private static Value call(String at, Value call) {
    if (!(call instanceof Value.Dict fields)) {
      throw new ChatException(at + " must be an object with 'function'");
    }
    Optional<Value> function = fields.get("function");
    if (function.isPresent() && function.get() instanceof Value.Dict named) {
      return fields.with("function", withArguments(at + ".function", named));
    }
    return withArguments(at, fields);
  }

  private static Value.Dict withArguments(String at, Value.Dict function) {
    if (!(function.get("name").orElse(Value.None.NONE) instanceof Value.Text)) {
      throw new ChatException(at + ".name is missing; it must be the name of a function");
    }
    return function.get("arguments").orElse(Value.None.NONE) instanceof Value.Text(String json)
        ? function.with("arguments", JsonValues.of(parse(at + ".arguments", json)))
        : function;
  }

  static JsonNode parse(String at, String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new ChatException(
          "%s is no JSON (%s): %s".formatted(at, e.getOriginalMessage(), json), e);
    }
  }
}
