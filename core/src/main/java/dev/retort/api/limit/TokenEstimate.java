package dev.retort.api.limit;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import java.nio.charset.StandardCharsets;

/// Tokens of a request before it is made, as APIs estimate them when they count against their
/// limits: a token for four bytes, and the longest answer that is allowed.
public final class TokenEstimate {

  private static final int BYTES_PER_TOKEN = 4;
  private static final int TOKENS_PER_TURN = 4;

  private TokenEstimate() {}

  /// Tokens that `request` will read.
  public static long input(ChatRequest request) {
    return request.turns().stream().mapToLong(TokenEstimate::turn).sum()
        + request.schema().map(schema -> text(schema.json())).orElse(0L);
  }

  /// Tokens that `request` will use at most, read and written.
  public static long total(ChatRequest request) {
    return input(request) + request.decoding().maxTokens();
  }

  /// Tokens of a text.
  public static long text(String text) {
    return Math.ceilDiv(text.getBytes(StandardCharsets.UTF_8).length, BYTES_PER_TOKEN);
  }

  private static long turn(ChatTurn turn) {
    return TOKENS_PER_TURN + text(turn.text());
  }
}
