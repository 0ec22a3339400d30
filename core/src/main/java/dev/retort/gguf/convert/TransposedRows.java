package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import java.io.IOException;
import java.util.List;

/// A matrix on its side. Several of its rows are made in one pass over the other, so that the whole
/// matrix is read a few times and never held.
final class TransposedRows implements FloatRows {

  private static final int HELD_FLOATS = 1 << 22;

  private final FloatRows rows;
  private float[] held = new float[0];
  private long heldFrom;
  private int heldRows;

  /// The transpose of `rows`, which must have two dimensions.
  TransposedRows(FloatRows rows) {
    this.rows = rows;
  }

  @Override
  public List<Long> shape() {
    return rows.shape().reversed();
  }

  @Override
  public void read(long row, float[] values) throws IOException {
    if (row < heldFrom || row >= heldFrom + heldRows) {
      hold(row);
    }
    int columns = columns();
    System.arraycopy(held, Math.toIntExact(row - heldFrom) * columns, values, 0, columns);
  }

  private void hold(long from) throws IOException {
    int columns = columns();
    heldRows = (int) Math.min(Math.max(1, HELD_FLOATS / columns), rows() - from);
    heldFrom = from;
    held = new float[heldRows * columns];
    float[] row = new float[rows.columns()];
    for (int i = 0; i < columns; i++) {
      rows.read(i, row);
      for (int j = 0; j < heldRows; j++) {
        held[j * columns + i] = row[Math.toIntExact(from + j)];
      }
    }
  }
}
