package dev.retort.gguf;

import java.util.List;

/// A matrix in memory.
@SuppressWarnings("ArrayRecordComponent") // a matrix that no test changes
public record TestRows(float[][] values) implements FloatRows {

  /// A matrix of numbers between -1 and 1 that are all different.
  public static TestRows waves(int rows, int columns) {
    float[][] values = new float[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        values[i][j] = (float) Math.sin(0.7 * (i * columns + j + 1));
      }
    }
    return new TestRows(values);
  }

  @Override
  public List<Long> shape() {
    return List.of((long) values.length, (long) values[0].length);
  }

  @Override
  public void read(long row, float[] into) {
    System.arraycopy(values[(int) row], 0, into, 0, values[0].length);
  }
}
