package dev.retort.recipe;

import java.util.Locale;

/// The file formats a student can be handed over in.
public enum ExportFormat {
  /// A Hugging Face folder with weights in 32 bits.
  SAFETENSORS,
  /// An ONNX model in 32 bits for retort-runtime and ONNX Runtime.
  ONNX,
  /// An ONNX model with 8-bit weights.
  ONNX_INT8;

  /// The name in a recipe, such as `onnx-int8`.
  public String recipeName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
