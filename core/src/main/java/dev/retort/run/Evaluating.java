package dev.retort.run;

import dev.retort.data.DataSettings;
import dev.retort.data.Dataset;
import dev.retort.data.Labels;
import dev.retort.data.Splits;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.export.OnnxPrecision;
import dev.retort.io.Folders;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.runtime.StudentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Measures a model on data of the user's: quality, calibration, latency, throughput, memory, size.
///
/// @param data where the texts and labels are; only `train` of its files is read
/// @param folder what relative paths start from
public record Evaluating(DataSettings data, Path folder) {

  private static final long SEED = 7;

  /// Measures `model`: a run, an exported folder, or a classifier in Hugging Face layout. One
  /// evaluation for each model file that there is.
  public List<Evaluation> evaluate(Path model) throws IOException {
    RunFolder run = new RunFolder(model);
    for (Path exported : List.of(model, run.onnx(), run.staticStudent())) {
      if (Files.exists(exported.resolve(StudentManifest.FILE_NAME))) {
        return exported(exported);
      }
    }
    Path huggingFace = Files.exists(model.resolve("student")) ? model.resolve("student") : model;
    Pretrained pretrained = ModelFolder.read(huggingFace);
    Path work = Files.createTempDirectory("retort-evaluate");
    try (TextClassifier classifier = ModelWeights.classifier(pretrained)) {
      Path onnx = work.resolve("onnx");
      Measuring measuring = measuring(pretrained.labels());
      new Shipping(pretrained, pretrained.maxLength(), measuring.samples(256))
          .onnx(classifier, onnx, EnumSet.of(OnnxPrecision.FP32));
      return exported(onnx);
    } finally {
      Folders.delete(work);
    }
  }

  private List<Evaluation> exported(Path folder) throws IOException {
    StudentManifest manifest = StudentManifest.read(folder);
    Measuring measuring = measuring(manifest.output().labels());
    List<Evaluation> evaluations = new ArrayList<>();
    for (String file : manifest.modelFiles()) {
      Evaluation quality =
          measuring.quality(
              file,
              file.equals(OnnxPrecision.INT8.fileName()) ? Kind.COMPRESSED : Kind.STUDENT,
              measuring.predictions(folder, file),
              Optional.empty());
      evaluations.add(measuring.serving(quality, folder, file));
    }
    return evaluations;
  }

  private Measuring measuring(List<String> labels) throws IOException {
    Dataset rows = Splits.read(data, folder, SEED, Labels.of(labels)).train();
    return new Measuring(rows, Bootstrap.ofSeed(SEED));
  }
}
