package dev.retort.data;

import java.util.Arrays;

/// Texts of which some tokens are hidden, to be found again by a masked language model.
///
/// @param text the texts as the model sees them; their own labels are not used
/// @param positions `[N]` where the hidden tokens are, as indices into [TextBatch#ids]
/// @param labels `[N]` the hidden tokens
@SuppressWarnings("ArrayRecordComponent") // tensors are made from these arrays as they are
public record MaskedBatch(TextBatch text, long[] positions, int[] labels) implements Batch {

  public MaskedBatch {
    if (positions.length != labels.length) {
      throw new IllegalArgumentException(
          "%d positions have %d labels".formatted(positions.length, labels.length));
    }
  }

  @Override
  public int[] rows() {
    return text.rows();
  }

  @Override
  public long[] lengths() {
    return text.lengths();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaskedBatch that
        && text.equals(that.text)
        && Arrays.equals(positions, that.positions)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return 31 * text.hashCode() + Arrays.hashCode(positions);
  }

  @Override
  public String toString() {
    return "MaskedBatch[%s, %d hidden]".formatted(text, positions.length);
  }
}
