package dev.retort.run;

import dev.retort.eval.Evaluation.Kind;
import dev.retort.export.OnnxPrecision;
import dev.retort.recipe.ExportFormat;
import dev.retort.recipe.Plan;
import dev.retort.runtime.StudentManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An exported file of the student, as it is measured.
///
/// @param name of the model in reports
/// @param kind the student itself, or a compressed one
/// @param folder where it lies
/// @param file its name there
record Deliverable(String name, Kind kind, Path folder, String file) {

  private static final String STUDENT = "student";

  /// All files that a run of `plan` exports to `folder`, the student in its own numbers first.
  static List<Deliverable> of(Plan plan, RunFolder folder) {
    if (plan.isStatic()) {
      return List.of(
          new Deliverable(
              STUDENT, Kind.STUDENT, folder.staticStudent(), StudentManifest.STATIC_FILE));
    }
    List<Deliverable> files = new ArrayList<>();
    files.add(new Deliverable(STUDENT, Kind.STUDENT, folder.onnx(), OnnxPrecision.FP32.fileName()));
    if (plan.recipe().export().contains(ExportFormat.ONNX_INT8)) {
      files.add(
          new Deliverable(
              STUDENT + " int8", Kind.COMPRESSED, folder.onnx(), OnnxPrecision.INT8.fileName()));
    }
    return files;
  }
}
