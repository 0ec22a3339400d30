package dev.retort.data;

import java.util.Arrays;
import java.util.List;
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
public record Batch(int[] rows, int length, long[] ids, long[] typeIds, long[] mask, int[] labels) {
  public Batch {
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

  /// `B`, the number of examples.
  public int size() {
    return rows.length;
  }

  /// The rows in `count` parts of about equal size, each padded to its own longest row; fewer parts
  /// when there are fewer rows.
  public List<Batch> split(int count) {
    int parts = Math.min(count, size());
    return IntStream.range(0, parts)
        .mapToObj(part -> rows(part * size() / parts, (part + 1) * size() / parts))
        .toList();
  }

  private Batch rows(int from, int to) {
    int longest = IntStream.range(from, to).map(this::tokensOfRow).max().orElseThrow();
    return new Batch(
        Arrays.copyOfRange(rows, from, to),
        longest,
        cells(ids, from, to, longest),
        cells(typeIds, from, to, longest),
        cells(mask, from, to, longest),
        Arrays.copyOfRange(labels, from, to));
  }

  private int tokensOfRow(int row) {
    return (int) Arrays.stream(mask, row * length, (row + 1) * length).sum();
  }

  /// `[B]` the tokens of each row that are no padding.
  public long[] lengths() {
    return IntStream.range(0, size()).mapToLong(this::tokensOfRow).toArray();
  }

  private long[] cells(long[] all, int from, int to, int width) {
    long[] some = new long[(to - from) * width];
    for (int row = from; row < to; row++) {
      System.arraycopy(all, row * length, some, (row - from) * width, width);
    }
    return some;
  }

  /// The tokens that are no padding.
  public long tokens() {
    return Arrays.stream(mask).sum();
  }

  /// The tokens that a model computes, padding included: `B × T`.
  public long paddedTokens() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Batch that
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
    return "Batch[" + rows.length + " × " + length + ", rows " + Arrays.toString(rows) + "]";
  }
}
