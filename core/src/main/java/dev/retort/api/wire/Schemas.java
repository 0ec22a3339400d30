package dev.retort.api.wire;

import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.PermanentApiException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON schemas of answers, read.
public final class Schemas {

  /// What a tool that only gives an answer its form says about itself.
  public static final String TOOL_DESCRIPTION = "Gives the answer.";

  private Schemas() {}

  /// A schema as JSON.
  ///
  /// @throws PermanentApiException if the schema is no JSON object
  public static JsonNode parse(String api, AnswerSchema schema) {
    try {
      JsonNode json = JsonMapper.shared().readTree(schema.json());
      if (json.isObject()) {
        return json;
      }
    } catch (JacksonException e) {
      throw refused(api, schema, e.getOriginalMessage());
    }
    throw refused(api, schema, "it is not an object");
  }

  private static PermanentApiException refused(String api, AnswerSchema schema, String problem) {
    return new PermanentApiException(
        "%s was not asked: the schema '%s' is not a JSON schema: %s"
            .formatted(api, schema.name(), problem),
        PermanentApiException.Scope.REQUEST);
  }
}
