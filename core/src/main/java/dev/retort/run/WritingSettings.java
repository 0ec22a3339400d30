package dev.retort.run;

import dev.retort.catalog.Check;
import dev.retort.model.decoder.Sampling;
import dev.retort.tensor.Seed;
import java.util.Set;

/// How a teacher writes completions for a student to learn.
///
/// @param maxTokens tokens of a completion at most
/// @param temperature that divides the logits; 0 takes the likeliest token each time
/// @param topP share of the probability that the likeliest tokens must have together to be drawn
///   from, in (0, 1]
/// @param seed of the draws
/// @param batch how many prompts are continued together
/// @param keepTruncated whether completions that `maxTokens` cut off are kept among the others
public record WritingSettings(
    int maxTokens, double temperature, double topP, long seed, int batch, boolean keepTruncated) {

  /// The likeliest token each time, at most 256 of them; what is cut off is kept apart.
  public static final WritingSettings DEFAULT = new WritingSettings(256, 0, 1, 7, 16, false);

  public WritingSettings {
    Check.atLeast("maxTokens", maxTokens, 1);
    Check.atLeast("temperature", temperature, 0);
    Check.that(topP > 0 && topP <= 1, "topP", "must be above 0 and at most 1 but is " + topP);
    Check.atLeast("batch", batch, 1);
  }

  /// How the tokens of a batch are chosen, whichever batches were written before it.
  Sampling sampling(int batchIndex, Set<Integer> stopIds) {
    return new Sampling(maxTokens, temperature, topP, stopIds, Seed.derive(seed, batchIndex));
  }
}
