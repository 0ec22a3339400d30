package dev.retort.model.convert;

import dev.retort.tensor.RawTensor;

/// Turns linear weights `[in, out]`, as TensorFlow and ONNX multiply by them, into `[out, in]`.
final class LinearWeight {

  private LinearWeight() {}

  /// The transpose of `tensor`.
  ///
  /// @param place what messages call it
  /// @throws ConversionException when it is not a matrix
  static RawTensor transposed(String place, RawTensor tensor) throws ConversionException {
    if (tensor.shape().size() != 2) {
      throw new ConversionException(
          "%s: expected a matrix as linear weight, found the shape %s"
              .formatted(place, tensor.shape()));
    }
    int rows = Math.toIntExact(tensor.shape().get(0));
    int columns = Math.toIntExact(tensor.shape().get(1));
    float[] from = tensor.toFloats();
    float[] to = new float[from.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        to[column * rows + row] = from[row * columns + column];
      }
    }
    return RawTensor.floats(to, columns, rows);
  }
}
