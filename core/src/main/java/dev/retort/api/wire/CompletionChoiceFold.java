package dev.retort.api.wire;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The choice of a completion, piece by piece.
final class CompletionChoiceFold implements ChoiceFold {

  private static final List<String> LISTS =
      List.of("content", "tokens", "token_logprobs", "top_logprobs");

  private final StringBuilder text = new StringBuilder();
  private final ObjectNode logprobs = JsonMapper.shared().createObjectNode();

  @Override
  public void add(Answer piece) {
    text.append(piece.at("text").textOrEmpty());
    for (String name : LISTS) {
      piece
          .at("logprobs")
          .at(name)
          .ifThere()
          .ifPresent(
              list -> list.items().forEach(item -> logprobs.withArray(name).add(item.json())));
    }
  }

  @Override
  public ObjectNode whole() {
    ObjectNode choice = JsonMapper.shared().createObjectNode().put("text", text.toString());
    if (!logprobs.isEmpty()) {
      choice.set("logprobs", logprobs);
    }
    return choice;
  }
}
