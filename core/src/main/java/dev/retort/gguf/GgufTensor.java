package dev.retort.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/// A tensor as it lies in a GGUF file.
///
/// @param name its name, such as `blk.0.attn_q.weight`
/// @param type how its elements are stored
/// @param shape the sizes of the dimensions, slowest first, which is the opposite of the file's
///   order
/// @param bytes the blocks, as many as the shape needs
public record GgufTensor(String name, GgufType type, List<Long> shape, MemorySegment bytes)
    implements FloatRows {

  /// Keeps a copy of the shape.
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  @Override
  public void read(long row, float[] values) {
    type.decode(row(row), values);
  }

  /// All weights, row after row.
  ///
  /// @throws ArithmeticException if they are more than an array can hold
  public float[] toFloats() {
    int columns = columns();
    float[] values = new float[Math.toIntExact(rows() * columns)];
    float[] row = new float[columns];
    for (int i = 0; i < rows(); i++) {
      read(i, row);
      System.arraycopy(row, 0, values, i * columns, columns);
    }
    return values;
  }

  /// The blocks of a row.
  byte[] row(long row) {
    long size = type.rowBytes(columns());
    return bytes
        .asSlice(Objects.checkIndex(row, rows()) * size, size)
        .toArray(ValueLayout.JAVA_BYTE);
  }
}
