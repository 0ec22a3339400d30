package dev.retort.tensor;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/// A tensor as it lies in a file: an element type, a shape, and the elements row-major and
/// little-endian. It needs no engine, and a scalar has the empty shape.
///
/// @param dtype the element type
/// @param shape the sizes of the dimensions, none of them negative
/// @param bytes the elements, read-only: exactly as many bytes as the shape needs
public record RawTensor(DType dtype, List<Long> shape, MemorySegment bytes) {

  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /// Checks that the bytes are as many as the shape needs.
  ///
  /// @throws IllegalArgumentException when they are not, or a dimension is negative or too large
  public RawTensor {
    shape = List.copyOf(shape);
    bytes = bytes.asReadOnly();
    long expected = byteSize(dtype, shape);
    if (bytes.byteSize() != expected) {
      throw new IllegalArgumentException(
          "a tensor %s %s has %d bytes, not %d"
              .formatted(dtype.safetensorsName(), shape, expected, bytes.byteSize()));
    }
  }

  /// A `FLOAT32` tensor holding a copy of `values`, row-major.
  public static RawTensor floats(float[] values, long... shape) {
    MemorySegment bytes = Arena.ofAuto().allocate((long) values.length * Float.BYTES);
    MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
    return new RawTensor(DType.FLOAT32, boxed(shape), bytes);
  }

  /// An `INT64` tensor holding a copy of `values`, row-major.
  public static RawTensor longs(long[] values, long... shape) {
    MemorySegment bytes = Arena.ofAuto().allocate((long) values.length * Long.BYTES);
    MemorySegment.copy(values, 0, bytes, LONG, 0, values.length);
    return new RawTensor(DType.INT64, boxed(shape), bytes);
  }

  /// The number of elements; 1 for a scalar.
  public long elements() {
    return bytes.byteSize() / dtype.bytes();
  }

  /// A copy of the elements of a `FLOAT32` tensor.
  ///
  /// @throws IllegalStateException when the elements have another type
  public float[] toFloats() {
    require(DType.FLOAT32);
    return bytes.toArray(FLOAT);
  }

  /// A copy of the elements of an `INT64` tensor.
  ///
  /// @throws IllegalStateException when the elements have another type
  public long[] toLongs() {
    require(DType.INT64);
    return bytes.toArray(LONG);
  }

  /// Bytes of a tensor of this type and shape.
  ///
  /// @throws IllegalArgumentException when a dimension is negative or the product exceeds a `long`
  static long byteSize(DType dtype, List<Long> shape) {
    long size = dtype.bytes();
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException("the shape " + shape + " has a negative dimension");
      }
      try {
        size = Math.multiplyExact(size, dimension);
      } catch (ArithmeticException tooLarge) {
        throw new IllegalArgumentException("the shape " + shape + " is too large", tooLarge);
      }
    }
    return size;
  }

  private void require(DType wanted) {
    if (dtype != wanted) {
      throw new IllegalStateException(
          "the elements are %s, not %s; convert the tensor first"
              .formatted(dtype.safetensorsName(), wanted.safetensorsName()));
    }
  }

  private static List<Long> boxed(long... shape) {
    return Arrays.stream(shape).boxed().toList();
  }
}
