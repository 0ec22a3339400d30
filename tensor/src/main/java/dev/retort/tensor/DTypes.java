package dev.retort.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/// The two names of every element type: ours and libtorch's.
final class DTypes {

  private DTypes() {}

  static ScalarType handle(DType type) {
    return switch (type) {
      case FLOAT64 -> ScalarType.Double;
      case FLOAT32 -> ScalarType.Float;
      case FLOAT16 -> ScalarType.Half;
      case BFLOAT16 -> ScalarType.BFloat16;
      case INT64 -> ScalarType.Long;
      case INT32 -> ScalarType.Int;
      case INT8 -> ScalarType.Char;
      case UINT8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }

  static DType of(ScalarType handle) {
    return switch (handle.intern()) {
      case Double -> DType.FLOAT64;
      case Float -> DType.FLOAT32;
      case Half -> DType.FLOAT16;
      case BFloat16 -> DType.BFLOAT16;
      case Long -> DType.INT64;
      case Int -> DType.INT32;
      case Char -> DType.INT8;
      case Byte -> DType.UINT8;
      case Bool -> DType.BOOL;
      default -> throw new IllegalStateException("Retort has no element type for " + handle);
    };
  }
}
