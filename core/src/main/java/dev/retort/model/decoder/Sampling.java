package dev.retort.model.decoder;

import java.util.Set;

/// How the next token is chosen, and when a text ends.
///
/// @param maxTokens tokens to add at most
/// @param temperature that divides the logits; 0 takes the likeliest token
/// @param topP share of the probability, in (0, 1], that the likeliest tokens must have together to
///   be drawn from (Holtzman et al. 2020, arXiv 1904.09751)
/// @param stopIds tokens that end a text, such as EOS; they are part of it
/// @param seed of the draws, which do not depend on what else is in a batch
public record Sampling(
    int maxTokens, double temperature, double topP, Set<Integer> stopIds, long seed) {

  public Sampling {
    stopIds = Set.copyOf(stopIds);
    if (maxTokens < 1 || !(temperature >= 0) || !(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "%d tokens at temperature %s and top-p %s: at least 1, at least 0, above 0 and at most 1"
              .formatted(maxTokens, temperature, topP));
    }
  }

  /// The likeliest token each time.
  public static Sampling greedy(int maxTokens, Set<Integer> stopIds) {
    return new Sampling(maxTokens, 0, 1, stopIds, 0);
  }
}
