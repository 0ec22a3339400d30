package dev.retort.api;

import java.util.List;

/// What a model answered.
///
/// @param text the answer
/// @param finish why it ended there
/// @param usage what was paid for
/// @param model the exact model that answered, as the API names it
/// @param id the API's name for this answer; empty if it gives none
/// @param logprobs one entry for each token of the answer, if asked for and offered; else empty
public record ChatAnswer(
    String text, Finish finish, Usage usage, String model, String id, List<TokenLogprob> logprobs) {

  public ChatAnswer {
    logprobs = List.copyOf(logprobs);
  }

  /// Why an answer ended.
  public enum Finish {
    /// The model had said everything.
    STOP,
    /// It reached the limit of tokens: the answer is cut.
    LENGTH,
    /// A filter kept it back, wholly or in part.
    FILTERED,
    /// The model declined to answer.
    REFUSED,
    /// Another reason that the API gave.
    OTHER
  }

  /// Tokens that were read and written.
  ///
  /// @param inputTokens of the request
  /// @param cachedTokens those of the request that the API had cached
  /// @param outputTokens of the answer, hidden reasoning included
  public record Usage(long inputTokens, long cachedTokens, long outputTokens) {

    /// No tokens at all.
    public static final Usage NONE = new Usage(0, 0, 0);

    /// Both together.
    public Usage plus(Usage other) {
      return new Usage(
          inputTokens + other.inputTokens,
          cachedTokens + other.cachedTokens,
          outputTokens + other.outputTokens);
    }
  }

  /// The log-probability of one token of an answer, and of what might have stood there.
  ///
  /// @param token the token's text
  /// @param logprob its natural log-probability
  /// @param top likeliest tokens at this place, likeliest first; may lack `token` itself
  public record TokenLogprob(String token, double logprob, List<Alternative> top) {

    public TokenLogprob {
      top = List.copyOf(top);
    }
  }

  /// A token that might have stood at a place.
  ///
  /// @param token the token's text
  /// @param logprob its natural log-probability
  public record Alternative(String token, double logprob) {}
}
