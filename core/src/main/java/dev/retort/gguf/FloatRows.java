package dev.retort.gguf;

import java.io.IOException;
import java.util.List;

/// A tensor of weights, read row by row as floats. However it is stored, only one row needs to be
/// in memory at a time.
public interface FloatRows {

  /// The sizes of the dimensions, slowest first; never empty. The last is the length of a row.
  List<Long> shape();

  /// Writes row `row` to the beginning of `values`.
  ///
  /// @param row from 0 to below [#rows]
  /// @param values at least [#columns] floats
  void read(long row, float[] values) throws IOException;

  /// The length of a row.
  default int columns() {
    return Math.toIntExact(shape().getLast());
  }

  /// How many rows there are: the product of all dimensions but the last.
  default long rows() {
    return shape().stream().limit(shape().size() - 1L).reduce(1L, Math::multiplyExact);
  }
}
