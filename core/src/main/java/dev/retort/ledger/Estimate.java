package dev.retort.ledger;

import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/// What requests would cost, before any is sent.
///
/// @param requests different questions
/// @param known those that the ledger answers for nothing
/// @param inputTokens that the others would read, counted or estimated
/// @param expectedOutputTokens as many for each as the model's answers in the ledger have on
///   average; without any, as many as it may have
/// @param mostOutputTokens as many for each as it may have
/// @param expected what they would cost
/// @param most what they can cost, which is what a budget reserves
public record Estimate(
    long requests,
    long known,
    long inputTokens,
    long expectedOutputTokens,
    long mostOutputTokens,
    Dollars expected,
    Dollars most) {

  /// Estimates what a model's answers to `requests` would cost.
  ///
  /// @param identity [dev.retort.api.ChatModel#identity] of the model
  /// @param counter counts input tokens, such as [TokenCounter#byCharacters]
  public static Estimate of(
      Collection<ChatRequest> requests,
      String identity,
      Ledger ledger,
      Price price,
      TokenCounter counter) {
    OptionalDouble mean = ledger.meanOutputTokens(identity);
    TokenCounter bound = TokenCounter.atMost();
    Set<ChatRequest> different = new HashSet<>(requests);
    long known = 0;
    long input = 0;
    double expectedOutput = 0;
    long mostOutput = 0;
    Dollars most = Dollars.ZERO;
    for (ChatRequest request : different) {
      if (ledger.find(CanonicalRequest.key(identity, request)).isPresent()) {
        known++;
        continue;
      }
      int limit = request.decoding().maxTokens();
      input += counter.tokens(request);
      expectedOutput += Math.min(mean.orElse(limit), limit);
      mostOutput += limit;
      most = most.plus(price.atMost(bound.tokens(request), limit));
    }
    long output = Math.round(expectedOutput);
    Dollars expected = price.of(new Usage(input, 0, output));
    return new Estimate(different.size(), known, input, output, mostOutput, expected, most);
  }

  /// How many would be asked.
  public long asked() {
    return requests - known;
  }

  /// The line a user reads: `1,000 requests, 200 of them known; 800 would be asked: about 56,000
  /// tokens in and 40,000 out, $0.12 (at most 204,800 out, $1.03)`.
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d requests, %,d of them known; %,d would be asked: about %,d tokens in and %,d out, %s (at most %,d out, %s)",
        requests,
        known,
        asked(),
        inputTokens,
        expectedOutputTokens,
        expected,
        mostOutputTokens,
        most);
  }
}
