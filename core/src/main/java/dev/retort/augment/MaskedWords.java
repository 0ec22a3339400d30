package dev.retort.augment;

import dev.retort.data.BatchSource;
import dev.retort.data.MaskedBatch;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Texts in each of which one word is hidden.
///
/// @param texts with the mask in the place of the word, once in each
/// @param maskId the token that is the mask
record MaskedWords(TokenizedDataset texts, int maskId) implements BatchSource<MaskedBatch> {

  /// Those of `texts` that show the mask once: not those that were cut before it, nor those that
  /// spell it themselves.
  static int[] shown(TokenizedDataset texts, int maskId) {
    return IntStream.range(0, texts.size())
        .filter(
            row -> Arrays.stream(texts.batch(row).ids()).filter(id -> id == maskId).count() == 1)
        .toArray();
  }

  @Override
  public int size() {
    return texts.size();
  }

  @Override
  public int length(int row) {
    return texts.length(row);
  }

  @Override
  public MaskedBatch batch(int... rows) {
    TextBatch text = texts.batch(rows);
    long[] positions =
        IntStream.range(0, text.ids().length)
            .filter(position -> text.ids()[position] == maskId)
            .asLongStream()
            .toArray();
    return new MaskedBatch(text, positions, new int[positions.length]);
  }

  @Override
  public List<String> contentKeys(int... rows) {
    return texts.contentKeys(rows);
  }
}
