package dev.retort.api.wire;

import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The choice of a chat, piece by piece.
final class ChatChoiceFold implements ChoiceFold {

  private final StringBuilder content = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final ArrayNode logprobs = JsonMapper.shared().createArrayNode();

  @Override
  public void add(Answer piece) {
    Answer delta = piece.at("delta");
    content.append(delta.at("content").textOrEmpty());
    refusal.append(delta.at("refusal").textOrEmpty());
    Optional<Answer> tokens = piece.at("logprobs").at("content").ifThere();
    tokens.ifPresent(list -> list.items().forEach(token -> logprobs.add(token.json())));
  }

  @Override
  public ObjectNode whole() {
    ObjectNode choice = JsonMapper.shared().createObjectNode();
    choice
        .putObject("message")
        .put("content", content.toString())
        .put("refusal", refusal.toString());
    choice.putObject("logprobs").set("content", logprobs);
    return choice;
  }
}
