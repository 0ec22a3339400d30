package dev.retort.batch;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The least of OpenAI's chat completions.
record PlainWire() implements BatchWire {

  @Override
  public JsonNode body(ChatRequest request) {
    String text = request.turns().getFirst().text();
    if (text.equals("refuse")) {
      throw new PermanentApiException("not offered", Scope.REQUEST);
    }
    ObjectNode body = JsonMapper.shared().createObjectNode().put("model", "gpt-x");
    body.putArray("messages").addObject().put("role", "user").put("content", text);
    return body;
  }

  @Override
  public ChatAnswer answer(JsonNode body) {
    if (!body.has("choices")) {
      throw new RetryableApiException("no choices", Optional.empty());
    }
    JsonNode usage = body.path("usage");
    return new ChatAnswer(
        body.at("/choices/0/message/content").asString(),
        Finish.STOP,
        new Usage(
            usage.path("prompt_tokens").asLong(), 0, usage.path("completion_tokens").asLong()),
        body.path("model").asString(),
        body.path("id").asString(),
        List.of());
  }
}
