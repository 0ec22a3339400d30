package dev.retort.chat;

import dev.retort.chat.jinja.Value;
import tools.jackson.databind.JsonNode;

/// JSON as templates see it, for tests of other packages.
public final class JsonValue {

  private JsonValue() {}

  public static Value of(JsonNode json) {
    return JsonValues.of(json);
  }
}
