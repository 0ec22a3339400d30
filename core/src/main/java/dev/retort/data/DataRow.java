package dev.retort.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// A row with all its columns, whatever they are called.
///
/// @param origin where it comes from, such as `seeds.csv:12`, or what made it
/// @param fields values by column, in the order of the file
public record DataRow(String origin, SequencedMap<String, JsonNode> fields) {

  public DataRow {
    fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
  }

  /// A row without columns.
  public static DataRow from(String origin) {
    return new DataRow(origin, new LinkedHashMap<>());
  }

  /// The columns of a JSON object.
  static DataRow of(String origin, JsonNode object) {
    SequencedMap<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return new DataRow(origin, fields);
  }

  /// What a column says: a text, or a number or truth value as it is written; nothing if it is
  /// missing, blank, a list or an object.
  public Optional<String> text(String column) {
    return Optional.ofNullable(fields.get(column))
        .filter(value -> value.isValueNode() && !value.isNull())
        .map(JsonNode::asString)
        .filter(text -> !text.isBlank());
  }

  /// The same row, in which a column says `value`.
  public DataRow with(String column, JsonNode value) {
    SequencedMap<String, JsonNode> all = new LinkedHashMap<>(fields);
    all.put(column, value);
    return new DataRow(origin, all);
  }

  /// The same row, in which a column says `text`.
  public DataRow with(String column, String text) {
    return with(column, StringNode.valueOf(text));
  }

  /// The same columns, made by `maker` of this row.
  public DataRow madeBy(String maker) {
    return new DataRow(origin + " > " + maker, fields);
  }

  /// The same row with some columns under other names.
  ///
  /// @param names new name to the one in the row
  public DataRow renamed(Map<String, String> names) {
    SequencedMap<String, JsonNode> all = new LinkedHashMap<>(fields);
    names.values().forEach(all::remove);
    names.forEach((name, old) -> {
      JsonNode value = fields.get(old);
      if (value != null) {
        all.put(name, value);
      }
    });
    return new DataRow(origin, all);
  }

  /// The columns as a JSON object.
  public ObjectNode json() {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    fields.forEach(object::set);
    return object;
  }
}
