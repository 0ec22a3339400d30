package dev.retort.api.wire;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's chat completions, which Azure, vLLM, llama.cpp, Ollama and TGI speak too.
///
/// @param endpoint where requests go
/// @param dialect whose server it is
public record OpenAiChat(Endpoint endpoint, Dialect dialect) implements Wire {

  @Override
  public Map<String, String> headers() {
    return new OpenAiRequest(endpoint, dialect).headers();
  }

  @Override
  public ObjectNode body(ChatRequest request, boolean streaming) {
    OpenAiRequest common = new OpenAiRequest(endpoint, dialect);
    ObjectNode body = common.body(request, streaming);
    body.put(dialect.limit(), request.decoding().maxTokens());
    ArrayNode messages = body.putArray("messages");
    for (ChatTurn turn : request.turns()) {
      String role = turn.role().name().toLowerCase(Locale.ROOT);
      messages.addObject().put("role", role).put("content", turn.text());
    }
    int top = request.decoding().topLogprobs();
    if (top > 0) {
      body.put("logprobs", true).put("top_logprobs", top);
    }
    request.schema().ifPresent(schema -> common.putSchema(body, schema));
    return body;
  }

  @Override
  public ChatAnswer answer(Answer whole) {
    Answer choice = whole.at("choices").at(0);
    Answer message = choice.at("message");
    String refusal = message.at("refusal").textOrEmpty();
    String said = message.at("content").textOrEmpty();
    Finish finish = OpenAiFinish.of(choice.at("finish_reason"));
    return new ChatAnswer(
        refusal.isEmpty() ? said : refusal,
        refusal.isEmpty() ? finish : Finish.REFUSED,
        OpenAiUsage.of(whole.at("usage")),
        whole.at("model").textOrEmpty(),
        whole.at("id").textOrEmpty(),
        choice.at("logprobs").ifThere().map(Logprobs::chat).orElse(List.of()));
  }

  @Override
  public EventFold fold() {
    return new OpenAiFold(new ChatChoiceFold());
  }
}
