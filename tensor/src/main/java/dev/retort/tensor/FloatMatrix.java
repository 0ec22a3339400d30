package dev.retort.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The native memory of a matrix as rows of floats, read and written in blocks.
///
/// @param memory row-major, valid while the tensor lives
record FloatMatrix(MemorySegment memory, int rows, int width) {

  /// A view of `tensor`.
  ///
  /// @throws IllegalArgumentException unless [#canView] says yes
  static FloatMatrix of(Tensor tensor) {
    if (!canView(tensor)) {
      throw new IllegalArgumentException(
          "%s is not a contiguous FLOAT32 matrix on the processor".formatted(tensor));
    }
    return new FloatMatrix(
        Tensors.memory(tensor.handle()),
        Math.toIntExact(tensor.size(0)),
        Math.toIntExact(tensor.size(1)));
  }

  /// Whether `tensor` is a contiguous `FLOAT32` matrix on the processor.
  static boolean canView(Tensor tensor) {
    return tensor.rank() == 2
        && tensor.dtype() == DType.FLOAT32
        && tensor.device().equals(Device.CPU)
        && tensor.handle().is_contiguous();
  }

  /// Copies a row's elements from `from` on into `block`, as many as there are of them and it
  /// holds, and returns how many these are.
  int read(long row, int from, float[] block) {
    int count = Math.min(block.length, width - from);
    MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, offset(row, from), block, 0, count);
    return count;
  }

  /// Overwrites a row's elements from `from` on by those of `block`, as far as the row goes.
  void write(long row, int from, float[] block) {
    int count = Math.min(block.length, width - from);
    MemorySegment.copy(block, 0, memory, ValueLayout.JAVA_FLOAT, offset(row, from), count);
  }

  private long offset(long row, int from) {
    return (row * width + from) * Float.BYTES;
  }
}
