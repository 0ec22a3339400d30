package dev.retort.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Tokenized examples of similar length, padded to a rectangle. `B` is the number of rows, `T` the
/// length of the longest. The arrays are not copied: whoever holds a batch must not write to them.
///
/// @param rows `[B]` indices of the examples in their [TokenizedDataset]
/// @param length `T`
/// @param ids `[B × T]` token ids, row by row, padded on the right
/// @param typeIds `[B × T]` segments, 0 where padded
/// @param mask `[B × T]` 1 for a token, 0 for padding
/// @param labels `[B]` class indices, -1 where unlabelled
@SuppressWarnings("ArrayRecordComponent") // tensors are made from these arrays as they are
public record TextBatch(
    int[] rows, int length, long[] ids, long[] typeIds, long[] mask, int[] labels)
    implements Batch {

  public TextBatch {
    int cells = rows.length * length;
    if (ids.length != cells || typeIds.length != cells || mask.length != cells) {
      throw new IllegalArgumentException(
          "ids, typeIds and mask have %d, %d and %d entries; %d rows of length %d need %d"
              .formatted(ids.length, typeIds.length, mask.length, rows.length, length, cells));
    }
    if (labels.length != rows.length) {
      throw new IllegalArgumentException(
          "labels has " + labels.length + " entries for " + rows.length + " rows");
    }
  }

  private int tokensOfRow(int row) {
    return (int) Arrays.stream(mask, row * length, (row + 1) * length).sum();
  }

  @Override
  public long[] lengths() {
    return IntStream.range(0, size()).mapToLong(this::tokensOfRow).toArray();
  }

  /// The tokens that a model computes, padding included: `B × T`.
  public long paddedTokens() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextBatch that
        && length == that.length
        && Arrays.equals(rows, that.rows)
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(typeIds, that.typeIds)
        && Arrays.equals(mask, that.mask)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(rows) + Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "TextBatch[" + rows.length + " × " + length + ", rows " + Arrays.toString(rows) + "]";
  }
}
