package dev.retort.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Bytes of a GGUF file in the making: little-endian numbers, texts with their lengths, values with
/// their types.
final class GgufBuffer {

  /// From how many bytes on a writer should put them away.
  static final int FLUSH_BYTES = 1 << 20;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  int size() {
    return out.size();
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  void clear() {
    out.reset();
  }

  GgufBuffer putBytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  GgufBuffer putInt(int value) {
    return putNumber(value, Integer.BYTES);
  }

  GgufBuffer putLong(long value) {
    return putNumber(value, Long.BYTES);
  }

  GgufBuffer putText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return putLong(bytes.length).putBytes(bytes);
  }

  /// A value after its type.
  GgufBuffer putTyped(GgufValue value) {
    return putInt(value.type().code()).putValue(value);
  }

  private GgufBuffer putValue(GgufValue value) {
    return switch (value) {
      case GgufValue.Whole(GgufValueType type, long number) -> putNumber(number, type.leastBytes());
      case GgufValue.Real(GgufValueType type, double number) ->
          type == GgufValueType.FLOAT32
              ? putInt(Float.floatToRawIntBits((float) number))
              : putLong(Double.doubleToRawLongBits(number));
      case GgufValue.Bool(boolean flag) -> putNumber(flag ? 1 : 0, 1);
      case GgufValue.Text(String text) -> putText(text);
      case GgufValue.Array(GgufValueType elements, List<GgufValue> values) -> {
        putInt(elements.code()).putLong(values.size());
        values.forEach(this::putValue);
        yield this;
      }
    };
  }

  private GgufBuffer putNumber(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (i * Byte.SIZE)));
    }
    return this;
  }
}
