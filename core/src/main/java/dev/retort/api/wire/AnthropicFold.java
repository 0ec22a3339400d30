package dev.retort.api.wire;

import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// A stream of Anthropic's messages: a message, blocks of its content in pieces, and at the end why
/// it ended and what was used.
final class AnthropicFold implements EventFold {

  private final ObjectNode message = JsonMapper.shared().createObjectNode();
  private final SortedMap<Long, Block> blocks = new TreeMap<>();
  private boolean ended;

  /// @param start the block as it began
  /// @param rest what was added to it
  private record Block(ObjectNode start, StringBuilder rest) {}

  @Override
  public void add(Answer event) {
    switch (event.at("type").text()) {
      case "message_start" -> message.setAll(object(event.at("message")));
      case "content_block_start" ->
          blocks.put(
              event.at("index").count(),
              new Block(object(event.at("content_block")), new StringBuilder()));
      case "content_block_delta" -> extend(event);
      case "message_delta" -> {
        message.setAll(object(event.at("delta")));
        event.at("usage").ifThere().ifPresent(used -> usage().setAll(object(used)));
      }
      case "message_stop" -> ended = true;
      default -> {} // pings, ends of blocks, and what will be invented
    }
  }

  @Override
  public void done() {
    // OpenAI's end mark: these streams have one of their own.
  }

  @Override
  public boolean isEnded() {
    return ended;
  }

  @Override
  public ObjectNode whole() {
    ObjectNode whole = message.deepCopy();
    ArrayNode content = whole.putArray("content");
    blocks.values().forEach(block -> content.add(whole(block)));
    return whole;
  }

  private ObjectNode usage() {
    return message.path("usage") instanceof ObjectNode usage ? usage : message.putObject("usage");
  }

  private void extend(Answer event) {
    Block block = blocks.get(event.at("index").count());
    if (block == null) {
      throw event.at("index").wrong("the index of a block that has begun");
    }
    Answer delta = event.at("delta");
    block.rest().append(delta.at("text").textOrEmpty());
    block.rest().append(delta.at("partial_json").textOrEmpty());
  }

  private static ObjectNode whole(Block block) {
    ObjectNode whole = block.start().deepCopy();
    String rest = block.rest().toString();
    return switch (whole.path("type").asString("")) {
      case "text" -> whole.put("text", whole.path("text").asString("") + rest);
      case "tool_use" -> rest.isEmpty() ? whole : whole.set("input", input(rest));
      default -> whole;
    };
  }

  /// The input of a tool, or its text where that was cut at the limit of tokens.
  private static JsonNode input(String text) {
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException cut) {
      return StringNode.valueOf(text);
    }
  }

  private static ObjectNode object(Answer place) {
    if (place.json() instanceof ObjectNode object) {
      return object;
    }
    throw place.wrong("an object");
  }
}
