package dev.retort.gguf.convert;

import dev.retort.gguf.GgufException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A JSON file of a model folder, or an object in it, with messages that name the place.
///
/// @param place the file, and the path within it
/// @param node the object
record JsonFile(String place, JsonNode node) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Reads an existing file.
  static JsonFile read(Path file) throws IOException {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.isObject()) {
        return new JsonFile(file.toString(), root);
      }
    } catch (JacksonException e) {
      throw new GgufException("%s: not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    throw new GgufException("%s: expected a JSON object".formatted(file));
  }

  /// Reads a file, or takes it for an empty object where it does not exist.
  static JsonFile readIfThere(Path file) throws IOException {
    return Files.exists(file) ? read(file) : new JsonFile(file.toString(), object());
  }

  /// Writes a file.
  static void write(Path file, ObjectNode root) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(root) + "\n");
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /// What is at `key`: null in JSON is nothing.
  Optional<JsonNode> find(String key) {
    return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
  }

  /// The object at `key`, if there is one.
  Optional<JsonFile> findObject(String key) {
    return find(key)
        .filter(JsonNode::isObject)
        .map(value -> new JsonFile(place + ": " + key, value));
  }

  Optional<Integer> findInt(String key) throws GgufException {
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && !value.get().isInt()) {
      throw unexpected(key, "a whole number", value.get());
    }
    return value.map(JsonNode::intValue);
  }

  int requireInt(String key) throws GgufException {
    return findInt(key).orElseThrow(() -> missing(key));
  }

  Optional<Double> findNumber(String key) throws GgufException {
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && !value.get().isNumber()) {
      throw unexpected(key, "a number", value.get());
    }
    return value.map(JsonNode::doubleValue);
  }

  double requireNumber(String key) throws GgufException {
    return findNumber(key).orElseThrow(() -> missing(key));
  }

  Optional<String> findText(String key) throws GgufException {
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && !value.get().isString()) {
      throw unexpected(key, "a text", value.get());
    }
    return value.map(JsonNode::stringValue);
  }

  String requireText(String key) throws GgufException {
    return findText(key).orElseThrow(() -> missing(key));
  }

  boolean flag(String key) {
    return find(key).map(value -> value.booleanValue(false)).orElse(false);
  }

  GgufException refused(String problem) {
    return new GgufException("%s: %s".formatted(place, problem));
  }

  private GgufException missing(String key) {
    return refused("'%s' is missing; it is needed to convert the model".formatted(key));
  }

  private GgufException unexpected(String key, String wanted, JsonNode found) {
    return refused("'%s' must be %s, found %s".formatted(key, wanted, found));
  }
}
