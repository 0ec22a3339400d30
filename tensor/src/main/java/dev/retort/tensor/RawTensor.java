package dev.retort.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor as bytes in a file or in memory, little-endian and row-major.
///
/// @param dtype the type of the elements
/// @param shape the length of every dimension; empty for a scalar
/// @param bytes the elements
public record RawTensor(DType dtype, List<Long> shape, MemorySegment bytes) {

  public RawTensor {
    shape = List.copyOf(shape);
  }
}
