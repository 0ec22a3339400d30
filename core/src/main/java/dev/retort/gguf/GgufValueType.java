package dev.retort.gguf;

import java.util.Arrays;
import java.util.Optional;

/// The types of metadata values.
public enum GgufValueType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 8),
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int code;
  private final int leastBytes;

  GgufValueType(int code, int leastBytes) {
    this.code = code;
    this.leastBytes = leastBytes;
  }

  /// How many bytes a value takes at least: all of a number, the length of a text, the type and
  /// count of an array.
  int leastBytes() {
    return leastBytes;
  }

  /// The type's number in a file.
  int code() {
    return code;
  }

  /// The type with this number, or empty when the format has none.
  static Optional<GgufValueType> ofCode(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }
}
