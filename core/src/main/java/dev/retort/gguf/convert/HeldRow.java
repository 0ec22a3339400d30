package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import java.util.List;

/// A vector in memory.
@SuppressWarnings("ArrayRecordComponent") // made for one tensor and not changed
record HeldRow(float[] held) implements FloatRows {

  @Override
  public List<Long> shape() {
    return List.of((long) held.length);
  }

  @Override
  public void read(long row, float[] values) {
    System.arraycopy(held, 0, values, 0, held.length);
  }
}
