package dev.retort.api.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON as the AWS SDK holds it, and back.
final class Documents {

  private Documents() {}

  static Document of(JsonNode json) {
    return switch (json.getNodeType()) {
      case STRING -> Document.fromString(json.stringValue());
      case BOOLEAN -> Document.fromBoolean(json.booleanValue());
      case NUMBER -> Document.fromNumber(json.decimalValue());
      case NULL -> Document.fromNull();
      case ARRAY -> Document.fromList(json.valueStream().map(Documents::of).toList());
      case OBJECT -> {
        Map<String, Document> properties = new LinkedHashMap<>();
        json.properties().forEach(entry -> properties.put(entry.getKey(), of(entry.getValue())));
        yield Document.fromMap(properties);
      }
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("no JSON value: " + json.getNodeType());
    };
  }

  static JsonNode json(Document document) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (document.isString()) {
      return nodes.stringNode(document.asString());
    }
    if (document.isBoolean()) {
      return nodes.booleanNode(document.asBoolean());
    }
    if (document.isNumber()) {
      return JsonMapper.shared().readTree(document.asNumber().stringValue());
    }
    if (document.isList()) {
      List<JsonNode> items = new ArrayList<>();
      document.asList().forEach(item -> items.add(json(item)));
      ArrayNode list = nodes.arrayNode();
      return list.addAll(items);
    }
    if (document.isMap()) {
      ObjectNode object = nodes.objectNode();
      document.asMap().forEach((name, value) -> object.set(name, json(value)));
      return object;
    }
    return nodes.nullNode();
  }
}
