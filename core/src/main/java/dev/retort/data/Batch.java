package dev.retort.data;

import java.util.Arrays;

/// Examples that a model computes together: texts, images. The arrays are not copied: whoever holds
/// a batch must not write to them.
public interface Batch {

  /// `[B]` indices of the examples in the [BatchSource] they are from.
  int[] rows();

  /// `[N]` the true label of each row of the model's logits, −1 where it is unknown. Where a model
  /// decides once about an example, N is B.
  int[] labels();

  /// `[B]` what each example counts for: its tokens without padding.
  long[] lengths();

  /// `B`, the number of examples.
  default int size() {
    return rows().length;
  }

  /// The tokens of all examples, without padding.
  default long tokens() {
    return Arrays.stream(lengths()).sum();
  }

  /// `[B]` how many rows of the model's logits each example has: one, unless its tokens are
  /// predicted.
  default int[] decisions() {
    int[] once = new int[size()];
    Arrays.fill(once, 1);
    return once;
  }
}
