package dev.retort.train;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What a student wrote itself, in one step or in many.
///
/// @param texts texts that were written
/// @param truncated how many of them had no end when there was no room for more
/// @param tokens tokens that were written
/// @param seconds how long it took
/// @param replayed texts of earlier steps that were learnt from again
public record Rollout(long texts, long truncated, long tokens, double seconds, long replayed) {

  /// Nothing at all.
  public static final Rollout NONE = new Rollout(0, 0, 0, 0, 0);

  /// Texts that are learnt from again.
  public static Rollout again(long texts) {
    return new Rollout(0, 0, 0, 0, texts);
  }

  /// Both together.
  public Rollout plus(Rollout other) {
    return new Rollout(
        texts + other.texts,
        truncated + other.truncated,
        tokens + other.tokens,
        seconds + other.seconds,
        replayed + other.replayed);
  }

  /// The share of the texts that have no end.
  public double truncatedShare() {
    return truncated / (double) Math.max(1, texts);
  }

  /// How long a text is in the mean, without its prompt.
  public double meanTokens() {
    return tokens / (double) Math.max(1, texts);
  }

  /// How fast the student writes.
  public double tokensPerSecond() {
    return seconds > 0 ? tokens / seconds : 0;
  }

  /// All that is plotted and written down of a step, by name.
  SequencedMap<String, Double> measures() {
    SequencedMap<String, Double> measures = new LinkedHashMap<>();
    measures.put("texts", (double) texts);
    measures.put("replayed", (double) replayed);
    if (texts > 0) {
      measures.put("truncated", truncatedShare());
      measures.put("meanTokens", meanTokens());
      measures.put("tokensPerSecond", tokensPerSecond());
    }
    return measures;
  }
}
