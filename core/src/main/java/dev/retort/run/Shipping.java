package dev.retort.run;

import dev.retort.export.HuggingFaceExporter;
import dev.retort.export.OnnxExporter;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.ParityReport;
import dev.retort.export.Samples;
import dev.retort.export.StaticExporter;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.model.table.StaticStudent;
import dev.retort.recipe.ExportFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Writes a trained classifier in the formats of a recipe.
///
/// @param source the model whose tokenizer it uses
/// @param maxLength tokens of a text at most
/// @param samples what exported files are checked on
record Shipping(Pretrained source, int maxLength, Samples samples) {

  /// Writes the Hugging Face folder.
  void huggingFace(TextClassifier model, Path folder) throws IOException {
    new HuggingFaceExporter(model, source.folder(), maxLength).write(folder);
  }

  /// Writes the ONNX folder and returns how far each file is from `model`.
  List<ParityReport> onnx(TextClassifier model, Path folder, Set<OnnxPrecision> precisions)
      throws IOException {
    return new OnnxExporter(model, source.tokenizer(), maxLength, 1, samples)
        .write(folder, precisions);
  }

  /// Writes the folder of a static student and returns how far it is from `model`.
  ParityReport table(StaticStudent model, Path folder) throws IOException {
    return new StaticExporter(model, source.tokenizer(), source.prompts(), maxLength, 1, samples)
        .write(folder, StaticExporter.Format.FP16);
  }

  /// The ONNX files that `formats` ask for, and always the one in 32 bits, through which the
  /// student is measured.
  static Set<OnnxPrecision> precisions(List<ExportFormat> formats) {
    return formats.contains(ExportFormat.ONNX_INT8)
        ? EnumSet.allOf(OnnxPrecision.class)
        : EnumSet.of(OnnxPrecision.FP32);
  }
}
