package dev.retort.chat;

import dev.retort.chat.jinja.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// Turns JSON into what templates see.
final class JsonValues {

  private JsonValues() {}

  static Value of(JsonNode json) {
    return switch (json.getNodeType()) {
      case STRING -> Value.of(json.stringValue());
      case BOOLEAN -> Value.of(json.booleanValue());
      case NUMBER ->
          json.isIntegralNumber()
              ? new Value.Int(json.bigIntegerValue())
              : Value.of(json.doubleValue());
      case ARRAY -> Value.of(json.valueStream().map(JsonValues::of).toList());
      case OBJECT -> dict(json);
      case NULL -> Value.None.NONE;
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("no JSON value: " + json.getNodeType());
    };
  }

  static Value.Dict dict(JsonNode object) {
    SequencedMap<String, Value> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : object.properties()) {
      entries.put(property.getKey(), of(property.getValue()));
    }
    return Value.Dict.of(entries);
  }
}
