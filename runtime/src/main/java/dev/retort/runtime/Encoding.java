package dev.retort.runtime;

import java.util.Arrays;

/// The tokens of one text or text pair, special tokens included and padding not.
///
/// The arrays are shared, not copied: nobody may change them.
///
/// @param ids the token ids, in order
/// @param typeIds the segment of each token: 0, or 1 for the second text of a BERT-style pair
/// @param truncated whether tokens were dropped to keep within the maximum length
@SuppressWarnings("ArrayRecordComponent") // a list would box every token of a data set
public record Encoding(int[] ids, int[] typeIds, boolean truncated) {
  public Encoding {
    if (ids.length != typeIds.length) {
      throw new IllegalArgumentException(
          "typeIds has " + typeIds.length + " entries, ids has " + ids.length);
    }
  }

  /// The number of tokens.
  public int length() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Encoding(int[] otherIds, int[] otherTypeIds, boolean otherTruncated)
        && Arrays.equals(ids, otherIds)
        && Arrays.equals(typeIds, otherTypeIds)
        && truncated == otherTruncated;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Arrays.hashCode(typeIds);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids) + (truncated ? " (truncated)" : "");
  }
}
