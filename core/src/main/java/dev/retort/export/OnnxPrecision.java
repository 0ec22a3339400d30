package dev.retort.export;

/// The number format of the matrices in an ONNX file.
public enum OnnxPrecision {
  /// 32-bit floating point: the student's own numbers.
  FP32("model.onnx", Fidelity.FP32),
  /// 8-bit integers with a scale per row, about a quarter of the size; activations are quantized
  /// while the model runs, a whole batch by one scale, so that what a text is batched with can
  /// change its logits a little.
  INT8("model-int8.onnx", Fidelity.INT8);

  private final String fileName;
  private final Fidelity fidelity;

  OnnxPrecision(String fileName, Fidelity fidelity) {
    this.fileName = fileName;
    this.fidelity = fidelity;
  }

  /// How near to the student's answers those of such a file must be.
  Fidelity fidelity() {
    return fidelity;
  }

  /// The name of such a file in a student's folder.
  public String fileName() {
    return fileName;
  }
}
