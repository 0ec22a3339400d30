package dev.retort.api.wire;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.PermanentApiException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's older completions of a text, for models without a chat template, and for scores of a
/// given text. A conversation is asked as its texts with an empty line between them, without roles.
///
/// @param endpoint where requests go
/// @param dialect whose server it is
public record OpenAiCompletions(Endpoint endpoint, Dialect dialect) implements Wire {

  private static final String BETWEEN_TURNS = "\n\n";

  @Override
  public Map<String, String> headers() {
    return new OpenAiRequest(endpoint, dialect).headers();
  }

  @Override
  public ObjectNode body(ChatRequest request, boolean streaming) {
    if (request.schema().isPresent()) {
      throw new PermanentApiException(
          "%s was not asked: completions take no JSON schema; use an address that begins with openai:"
              .formatted(endpoint.name()),
          PermanentApiException.Scope.REQUEST);
    }
    ObjectNode body = new OpenAiRequest(endpoint, dialect).body(request, streaming);
    body.put("prompt", prompt(request));
    body.put("max_tokens", request.decoding().maxTokens());
    int top = request.decoding().topLogprobs();
    if (top > 0) {
      body.put("logprobs", top);
    }
    return body;
  }

  @Override
  public ChatAnswer answer(Answer whole) {
    Answer choice = whole.at("choices").at(0);
    return new ChatAnswer(
        choice.at("text").text(),
        OpenAiFinish.of(choice.at("finish_reason")),
        OpenAiUsage.of(whole.at("usage")),
        whole.at("model").textOrEmpty(),
        whole.at("id").textOrEmpty(),
        choice.at("logprobs").ifThere().map(Logprobs::completion).orElse(List.of()));
  }

  @Override
  public EventFold fold() {
    return new OpenAiFold(new CompletionChoiceFold());
  }

  /// A request for the log-probabilities of a text: it is repeated with them before one more token.
  /// vLLM has a field of its own for that, which OpenAI would refuse.
  ///
  /// @param top likeliest tokens beside each token
  public ObjectNode scoring(String text, int top) {
    ChatRequest request =
        ChatRequest.of(List.of(ChatTurn.user(text)), new Decoding(1, 0, 1, top, List.of()));
    ObjectNode body = body(request, false).put("echo", true).put("logprobs", top);
    return dialect == Dialect.COMPATIBLE ? body.put("prompt_logprobs", top) : body;
  }

  /// Reads what came back for [#scoring].
  ///
  /// @throws PermanentApiException if the server gave no log-probabilities of the text
  public List<TokenLogprob> scores(Answer whole, String text) {
    Answer choice = whole.at("choices").at(0);
    if (choice.at("prompt_logprobs").isThere()) {
      return Logprobs.prompt(choice.at("prompt_logprobs"));
    }
    boolean repeated = choice.at("text").textOrEmpty().startsWith(text);
    if (!repeated || !choice.at("logprobs").isThere()) {
      throw new PermanentApiException(
          "%s gives no log-probabilities of a given text: it knows neither prompt_logprobs nor echo; vLLM does"
              .formatted(endpoint.name()),
          PermanentApiException.Scope.ALL);
    }
    List<TokenLogprob> all = Logprobs.completion(choice.at("logprobs"));
    Answer usage = whole.at("usage");
    long written = usage.isThere() ? OpenAiUsage.of(usage).outputTokens() : 1;
    return all.subList(0, (int) Math.max(0, all.size() - written));
  }

  private static String prompt(ChatRequest request) {
    return request.turns().stream().map(ChatTurn::text).collect(Collectors.joining(BETWEEN_TURNS));
  }
}
