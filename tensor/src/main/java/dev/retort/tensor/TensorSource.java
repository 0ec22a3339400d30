package dev.retort.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor that is written in parts, so that it never needs to be in memory as a whole.
///
/// @param dtype the element type
/// @param shape the sizes of the dimensions
/// @param content what writes the elements, row-major and little-endian
public record TensorSource(DType dtype, List<Long> shape, Content content) {

  /// Writes the elements of a tensor.
  @FunctionalInterface
  public interface Content {

    /// Hands all bytes to `sink`, in order.
    void writeTo(Sink sink) throws IOException;
  }

  /// Takes bytes.
  @FunctionalInterface
  public interface Sink {

    /// Takes the next bytes, and is done with them on return.
    void accept(MemorySegment bytes) throws IOException;
  }

  /// Keeps a copy of the shape.
  public TensorSource {
    shape = List.copyOf(shape);
  }

  /// A tensor that is in memory or mapped.
  static TensorSource of(RawTensor tensor) {
    return new TensorSource(tensor.dtype(), tensor.shape(), sink -> sink.accept(tensor.bytes()));
  }

  /// How many bytes the tensor has.
  long byteSize() {
    return RawTensor.byteSize(dtype, shape);
  }
}
