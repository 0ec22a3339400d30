package dev.retort.gguf.convert;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.retort.gguf.FloatRows;
import dev.retort.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A tensor of a safetensors file as floats.
///
/// @param tensor a tensor of at least one dimension, of a floating type
record StoredRows(RawTensor tensor) implements FloatRows {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  @Override
  public List<Long> shape() {
    return tensor.shape();
  }

  @Override
  public void read(long row, float[] values) {
    int columns = columns();
    long size = (long) columns * tensor.dtype().bytes();
    MemorySegment bytes = tensor.bytes().asSlice(row * size, size);
    for (int i = 0; i < columns; i++) {
      values[i] =
          switch (tensor.dtype()) {
            case FLOAT32 -> bytes.getAtIndex(FLOAT, i);
            case FLOAT16 -> Float.float16ToFloat(bytes.getAtIndex(SHORT, i));
            case BFLOAT16 -> Float.intBitsToFloat(bytes.getAtIndex(SHORT, i) << Short.SIZE);
            case FLOAT64 -> (float) bytes.getAtIndex(DOUBLE, i);
            default -> throw new IllegalStateException(tensor.dtype() + " is no floating type");
          };
    }
  }
}
