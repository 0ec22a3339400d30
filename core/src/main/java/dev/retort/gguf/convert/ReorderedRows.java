package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import java.io.IOException;
import java.util.List;

/// The rows of a query or key projection in the other order of the two dimensions that a rotary
/// embedding turns together. A bias, which is one row, has its elements reordered.
///
/// @param source the rows in the other order
/// @param heads how many heads the rows belong to
/// @param order the order of the result
record ReorderedRows(FloatRows source, int heads, Order order) implements FloatRows {

  /// Where the two dimensions of a pair are.
  enum Order {
    /// Beside each other: pair *i* of a head is rows 2*i* and 2*i* + 1. So does llama.cpp.
    NEIGHBOURS,
    /// In the two halves of a head of size *d*: rows *i* and *i* + *d*/2. So does Hugging Face.
    HALVES
  }

  @Override
  public List<Long> shape() {
    return source.shape();
  }

  @Override
  public void read(long row, float[] values) throws IOException {
    if (source.shape().size() > 1) {
      source.read(sourceRow(row, rows()), values);
      return;
    }
    float[] whole = new float[columns()];
    source.read(0, whole);
    for (int i = 0; i < whole.length; i++) {
      values[i] = whole[Math.toIntExact(sourceRow(i, whole.length))];
    }
  }

  /// Where row `row` of the result comes from.
  private long sourceRow(long row, long count) {
    long size = count / heads;
    long head = row / size * size;
    long within = row % size;
    return switch (order) {
      case NEIGHBOURS -> head + within % 2 * (size / 2) + within / 2;
      case HALVES -> head + within % (size / 2) * 2 + within / (size / 2);
    };
  }
}
