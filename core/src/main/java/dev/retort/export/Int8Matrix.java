package dev.retort.export;

/// A matrix in 8-bit integers, symmetric around zero, with one scale per row: `value ≈ scale[row] ·
/// integer`, where `scale[row] = max |row| / 127`.
///
/// Rounding to the nearest integer, ties to even, keeps every value within half a scale of the
/// original. −128 is not used, so that the range is the same on both sides.
final class Int8Matrix {

  private static final int LARGEST = 127;

  private final byte[] values;
  private final float[] scales;
  private final int columns;

  private Int8Matrix(byte[] values, float[] scales, int columns) {
    this.values = values;
    this.scales = scales;
    this.columns = columns;
  }

  /// Quantizes a row-major matrix.
  ///
  /// @throws IllegalArgumentException if a value is infinite or not a number
  static Int8Matrix quantize(float[] matrix, int columns) {
    Int8Matrix quantized =
        new Int8Matrix(new byte[matrix.length], new float[matrix.length / columns], columns);
    for (int row = 0; row < quantized.scales.length; row++) {
      quantized.quantizeRow(row, matrix);
    }
    return quantized;
  }

  private void quantizeRow(int row, float[] matrix) {
    int begin = row * columns;
    float largest = 0;
    for (int i = begin; i < begin + columns; i++) {
      if (!Float.isFinite(matrix[i])) {
        throw new IllegalArgumentException(
            "row %d, column %d is %s".formatted(row, i - begin, matrix[i]));
      }
      largest = Math.max(largest, Math.abs(matrix[i]));
    }
    float scale = largest / LARGEST;
    if (scale < Float.MIN_NORMAL) {
      return; // Zeros, or too small for a scale: the zeros already there are the nearest integers.
    }
    scales[row] = scale;
    for (int i = begin; i < begin + columns; i++) {
      values[i] = (byte) Math.clamp(Math.rint(matrix[i] / scale), -LARGEST, LARGEST);
    }
  }

  /// The integers, row-major.
  byte[] values() {
    return values;
  }

  /// One scale per row.
  float[] scales() {
    return scales;
  }

  /// The integers with rows and columns swapped.
  byte[] transposed() {
    byte[] transposed = new byte[values.length];
    int rows = scales.length;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = values[row * columns + column];
      }
    }
    return transposed;
  }

  /// The matrix that the integers and scales stand for.
  float[] dequantize() {
    float[] matrix = new float[values.length];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = scales[i / columns] * values[i];
    }
    return matrix;
  }
}
