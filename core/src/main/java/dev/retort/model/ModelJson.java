package dev.retort.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON files of model folders.
public final class ModelJson {

  private ModelJson() {}

  /// What is in `file`, which exists.
  ///
  /// @throws ModelException if it is not valid JSON
  public static JsonNode read(Path file) throws IOException {
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new ModelException(
          "%s: not valid JSON (%s); fetch the model again".formatted(file, e.getOriginalMessage()),
          e);
    }
  }
}
