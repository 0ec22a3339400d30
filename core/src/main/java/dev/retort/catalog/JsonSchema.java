package dev.retort.catalog;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes the JSON Schema (draft 2020-12) of a recipe, with which editors complete settings, show
/// their documentation and underline mistakes.
public final class JsonSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonMapper PRETTY = JsonMapper.builder().build();
  private static final String NUMBER = "^" + ScalarKind.NUMBER.pattern() + "%?$";
  private static final String WHOLE_NUMBER = "^[-+]?\\d+(?:_\\d+)*$";

  private final Shapes shapes;
  private final ObjectNode definitions = JSON.objectNode();
  private final Map<Class<?>, String> names = new HashMap<>();

  private JsonSchema(List<Catalog<?>> catalogs) {
    this.shapes = new Shapes(catalogs);
  }

  /// The schema of recipes that bind to `root` and use the types of `catalogs`, as indented JSON.
  public static String of(Class<? extends Record> root, List<Catalog<?>> catalogs) {
    return PRETTY
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(new JsonSchema(catalogs).schema(root));
  }

  private ObjectNode schema(Class<? extends Record> root) {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    describe(schema, Setting.doc(root));
    schema.setAll(alternatives(Variant.of(root, shapes)));
    schema.set("$defs", definitions);
    return schema;
  }

  private ObjectNode alternatives(List<Variant> variants) {
    List<Variant> named = variants.stream().filter(Variant::isNameEnough).toList();
    if (variants.size() == 1 && named.isEmpty()) {
      return object(variants.getFirst());
    }
    ObjectNode schema = JSON.objectNode();
    ArrayNode any = schema.putArray("anyOf");
    if (!named.isEmpty()) {
      ArrayNode shortForms = any.addObject().putArray("enum");
      named.forEach(variant -> shortForms.add(variant.use().orElseThrow()));
    }
    variants.forEach(variant -> any.add(object(variant)));
    return schema;
  }

  private ObjectNode object(Variant variant) {
    ObjectNode schema = JSON.objectNode();
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.arrayNode();
    variant
        .use()
        .ifPresent(name -> {
          properties.putObject(Shapes.USE).put("const", name);
          required.add(Shapes.USE);
        });
    for (Setting setting : variant.settings()) {
      properties.set(setting.name(), setting(setting));
      if (setting.required()) {
        required.add(setting.name());
      }
    }
    schema.set("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  private ObjectNode setting(Setting setting) {
    ObjectNode schema = JSON.objectNode();
    describe(schema, setting.doc());
    schema.setAll(of(setting.shape()));
    setting.fallbackNode().ifPresent(node -> schema.set("default", json(node)));
    return schema;
  }

  private ObjectNode of(Shape shape) {
    return switch (shape) {
      case Shape.Single(ScalarKind kind) -> single(kind);
      case Shape.Constant(var type) -> constants(Shapes.constantNames(type));
      case Shape.Parsed(ParseFactory factory) -> text(Setting.doc(factory.type()));
      case Shape.Maybe(Shape item) -> either(of(item), JSON.objectNode().put("type", "null"));
      case Shape.Many(Shape item) -> collection("array", "items", item);
      case Shape.Keyed(Shape item) -> collection("object", "additionalProperties", item);
      case Shape.Section(var type) -> orText(type, reference(type, Variant.of(type, shapes)));
      case Shape.Choice(Catalog<?> catalog) ->
          orText(catalog.base(), reference(catalog.base(), Variant.of(catalog, shapes)));
    };
  }

  private ObjectNode collection(String type, String keyword, Shape item) {
    ObjectNode schema = JSON.objectNode();
    schema.put("type", type).set(keyword, of(item));
    return schema;
  }

  private static ObjectNode constants(List<String> names) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode constants = schema.putArray("enum");
    names.forEach(constants::add);
    return schema;
  }

  private static ObjectNode orText(Class<?> type, ObjectNode schema) {
    return ParseFactory.of(type).isPresent() ? either(text(""), schema) : schema;
  }

  private static ObjectNode single(ScalarKind kind) {
    ObjectNode schema = JSON.objectNode();
    if (kind == ScalarKind.BOOLEAN) {
      return schema.put("type", "boolean");
    }
    if (!kind.isNumber()) {
      return text("");
    }
    schema.putArray("type").add(kind.isWholeNumber() ? "integer" : "number").add("string");
    return schema.put("pattern", kind.isWholeNumber() ? WHOLE_NUMBER : NUMBER);
  }

  /// Texts may look like numbers or truth values; to the schema they then have those types.
  private static ObjectNode text(String doc) {
    ObjectNode schema = JSON.objectNode();
    describe(schema, doc);
    schema.putArray("type").add("string").add("number").add("boolean");
    return schema;
  }

  private static ObjectNode either(ObjectNode one, ObjectNode other) {
    ObjectNode schema = JSON.objectNode();
    schema.putArray("anyOf").add(one).add(other);
    return schema;
  }

  /// Types may contain themselves, so each is defined once and referred to.
  private ObjectNode reference(Class<?> type, List<Variant> variants) {
    String known = names.get(type);
    if (known == null) {
      String name = unusedName(type.getSimpleName());
      names.put(type, name);
      ObjectNode definition = definitions.putObject(name);
      describe(definition, Setting.doc(type));
      definition.setAll(alternatives(variants));
      known = name;
    }
    return JSON.objectNode().put("$ref", "#/$defs/" + known);
  }

  private String unusedName(String wanted) {
    String name = wanted;
    for (int i = 2; names.containsValue(name); i++) {
      name = wanted + i;
    }
    return name;
  }

  private static void describe(ObjectNode schema, String doc) {
    if (!doc.isEmpty()) {
      schema.put("description", doc);
    }
  }

  /// A recipe as the schema sees it.
  static JsonNode json(Node node) {
    return switch (node) {
      case Node.Scalar(String text, boolean literal, Location _) ->
          literal ? literal(text) : JSON.stringNode(text);
      case Node.Empty _ -> JSON.nullNode();
      case Node.Sequence list -> {
        ArrayNode array = JSON.arrayNode();
        list.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case Node.Mapping mapping -> {
        ObjectNode object = JSON.objectNode();
        mapping.entries().forEach((key, value) -> object.set(key, json(value)));
        yield object;
      }
    };
  }

  private static JsonNode literal(String text) {
    if (ScalarKind.NUMBER.matcher(text).matches()) {
      return JSON.numberNode(new BigDecimal(text));
    }
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
        ? JSON.booleanNode(Boolean.parseBoolean(text))
        : JSON.stringNode(text);
  }
}
