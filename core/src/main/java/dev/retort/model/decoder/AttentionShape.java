package dev.retort.model.decoder;

import dev.retort.model.ModelException;

/// The shape of one layer's attention.
///
/// @param heads query heads `H`
/// @param keyValueHeads key and value heads `G`, each of which `H / G` query heads share (Ainslie
///   et al. 2023, arXiv 2305.13245)
/// @param headSize width `d` of a head
/// @param scale what products of queries and keys are multiplied by
public record AttentionShape(int heads, int keyValueHeads, int headSize, double scale) {

  public AttentionShape {
    if (keyValueHeads < 1 || heads % keyValueHeads != 0 || headSize < 2 || headSize % 2 != 0) {
      throw new ModelException(
          "config.json: %d heads of width %d with %d key-value heads make no attention (key-value heads must divide heads, and the width must be even)"
              .formatted(heads, headSize, keyValueHeads));
    }
  }

  /// Heads of this width that scale what they compare as usual, by `1 / √d`.
  public static AttentionShape of(int heads, int keyValueHeads, int headSize) {
    return new AttentionShape(heads, keyValueHeads, headSize, 1 / Math.sqrt(headSize));
  }

  /// Other numbers of such heads.
  public AttentionShape withHeads(int count, int keysAndValues) {
    return new AttentionShape(count, keysAndValues, headSize, scale);
  }

  /// How many query heads share one key and value head.
  public int group() {
    return heads / keyValueHeads;
  }

  /// The width of all queries of a token.
  public int queryWidth() {
    return heads * headSize;
  }

  /// The width of all keys, or all values, of a token.
  public int keyValueWidth() {
    return keyValueHeads * headSize;
  }
}
