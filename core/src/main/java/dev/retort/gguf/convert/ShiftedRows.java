package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import java.io.IOException;
import java.util.List;

/// Weights with a number added to each.
record ShiftedRows(FloatRows source, float shift) implements FloatRows {

  @Override
  public List<Long> shape() {
    return source.shape();
  }

  @Override
  public void read(long row, float[] values) throws IOException {
    source.read(row, values);
    for (int i = 0; i < columns(); i++) {
      values[i] += shift;
    }
  }
}
