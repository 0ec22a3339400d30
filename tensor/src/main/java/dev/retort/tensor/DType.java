package dev.retort.tensor;

import java.util.Arrays;
import java.util.Optional;

/// The element types of tensors, with their names in a safetensors header.
public enum DType {
  FLOAT64("F64", 8),
  FLOAT32("F32", 4),
  FLOAT16("F16", 2),
  BFLOAT16("BF16", 2),
  INT64("I64", 8),
  INT32("I32", 4),
  INT8("I8", 1),
  UINT8("U8", 1),
  BOOL("BOOL", 1);

  private final String safetensorsName;
  private final int bytes;

  DType(String safetensorsName, int bytes) {
    this.safetensorsName = safetensorsName;
    this.bytes = bytes;
  }

  /// The name in a safetensors header, such as `F32`.
  public String safetensorsName() {
    return safetensorsName;
  }

  /// Bytes per element.
  public int bytes() {
    return bytes;
  }

  /// Whether values of this type can carry gradients.
  public boolean isFloating() {
    return this == FLOAT64 || this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
  }

  /// The type in which losses are computed from products of this type: 32 bits for those of 16.
  public DType widened() {
    return this == FLOAT16 || this == BFLOAT16 ? FLOAT32 : this;
  }

  /// The type with this safetensors name, or empty when Retort has no such type.
  public static Optional<DType> ofSafetensorsName(String name) {
    return Arrays.stream(values()).filter(type -> type.safetensorsName.equals(name)).findFirst();
  }
}
