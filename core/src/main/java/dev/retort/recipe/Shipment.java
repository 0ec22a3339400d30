package dev.retort.recipe;

import dev.retort.catalog.Check;
import java.util.List;
import java.util.Optional;

/// What a run hands over.
///
/// @param export the file formats
/// @param deploy the one that requirements are judged on
record Shipment(List<ExportFormat> export, ExportFormat deploy) {

  private static final Shipment CLASSIFIERS =
      new Shipment(
          List.of(ExportFormat.SAFETENSORS, ExportFormat.ONNX, ExportFormat.ONNX_INT8),
          ExportFormat.ONNX_INT8);
  private static final Shipment WORDS =
      new Shipment(List.of(ExportFormat.SAFETENSORS), ExportFormat.SAFETENSORS);

  Shipment {
    export = List.copyOf(export);
  }

  /// What a recipe of `task` says, and what is usual where it says nothing.
  static Shipment of(Task task, List<ExportFormat> export, Optional<ExportFormat> deploy) {
    boolean words = task == Task.MASKED_LM || task == Task.GENERATION;
    Shipment usual = words ? WORDS : CLASSIFIERS;
    Shipment wanted =
        new Shipment(export.isEmpty() ? usual.export : export, deploy.orElse(usual.deploy));
    if (words) {
      wanted.requireFolderOnly(task);
    } else {
      wanted.requireOnnx();
    }
    return wanted;
  }

  private void requireFolderOnly(Task task) {
    Check.that(
        equals(WORDS),
        "export",
        "must be [safetensors] with `deploy: safetensors` for task %s, which is handed over as a Hugging Face folder only, but is %s with deploy '%s'"
            .formatted(task.recipeName(), names(), deploy.recipeName()));
  }

  private void requireOnnx() {
    Check.that(
        deploy != ExportFormat.SAFETENSORS && export.contains(deploy),
        "deploy",
        "must be 'onnx' or 'onnx-int8' and among `export`, but is '%s' with export %s"
            .formatted(deploy.recipeName(), names()));
  }

  private List<String> names() {
    return export.stream().map(ExportFormat::recipeName).toList();
  }
}
