package dev.retort.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A matrix of floats that stays in the mapped file, row by row.
///
/// @param bytes the numbers, little-endian
/// @param rows how many rows
/// @param columns how many numbers a row has
/// @param half whether a number has 16 bits instead of 32
record Matrix(MemorySegment bytes, int rows, int columns, boolean half) {

  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfFloat FULL =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// The sum of the rows `ids` names, each as often as it is named.
  ///
  /// Rows are copied to an array first: the loops over arrays are the ones that the JVM turns into
  /// vector instructions.
  float[] sum(int[] ids) {
    float[] sum = new float[columns];
    if (half) {
      short[] row = new short[columns];
      for (int id : ids) {
        MemorySegment.copy(bytes, HALF, offset(id, Short.BYTES), row, 0, columns);
        for (int column = 0; column < row.length; column++) {
          sum[column] += Float.float16ToFloat(row[column]);
        }
      }
    } else {
      float[] row = new float[columns];
      for (int id : ids) {
        MemorySegment.copy(bytes, FULL, offset(id, Float.BYTES), row, 0, columns);
        for (int column = 0; column < row.length; column++) {
          sum[column] += row[column];
        }
      }
    }
    return sum;
  }

  /// One row.
  float[] row(int index) {
    return sum(new int[] {index});
  }

  private long offset(int row, int bytesPerNumber) {
    return (long) row * columns * bytesPerNumber;
  }
}
