package dev.retort.ledger;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import java.nio.charset.StandardCharsets;
import java.util.function.ToLongFunction;

/// Counts the tokens of a request before it is sent.
@FunctionalInterface
public interface TokenCounter {

  /// Tokens that the model will read.
  long tokens(ChatRequest request);

  /// An estimate: a token for each four characters, and four for each turn. That holds for English
  /// prose; other languages and code take more.
  static TokenCounter byCharacters() {
    return request -> perTurn(request, text -> (text.length() + 3L) / 4, 4);
  }

  /// A bound: a token for each byte of UTF-8, and 32 for each turn. Tokenizers that begin with
  /// bytes (all of OpenAI, Llama 3, Qwen, Mistral's newer ones) never need more for the text; chat
  /// templates stay below the rest.
  static TokenCounter atMost() {
    return request -> perTurn(request, text -> text.getBytes(StandardCharsets.UTF_8).length, 32);
  }

  private static long perTurn(ChatRequest request, ToLongFunction<String> text, long turn) {
    long tokens =
        request.schema().map(schema -> text.applyAsLong(schema.json()) + turn).orElse(turn);
    for (ChatTurn part : request.turns()) {
      tokens += text.applyAsLong(part.text()) + turn;
    }
    return tokens;
  }
}
