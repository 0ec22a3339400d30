package dev.retort.model.decoder;

import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;

/// The tokens of several sequences, one sequence after the other: nothing is computed for padding,
/// because there is none.
///
/// @param ids `[N]` token ids
/// @param positions `[N]` the place of each token in its own sequence, from 0
@SuppressWarnings("ArrayRecordComponent") // tensors are made from these arrays as they are
record TokenRows(long[] ids, long[] positions) {

  /// Whole sequences of these lengths.
  static TokenRows of(long[] ids, long[] lengths) {
    long[] positions = new long[ids.length];
    int next = 0;
    for (long length : lengths) {
      for (int place = 0; place < length; place++) {
        positions[next++] = place;
      }
    }
    return new TokenRows(ids, positions);
  }

  Tensor idsN() {
    return Tensors.of(ids, ids.length);
  }

  Tensor positionsN() {
    return Tensors.of(positions, positions.length);
  }
}
