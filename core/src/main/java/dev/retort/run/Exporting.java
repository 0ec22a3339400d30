package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.Labels;
import dev.retort.data.Splits;
import dev.retort.eval.Bootstrap;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.ParityReport;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Exports the student of a finished run once more.
///
/// @param run the run
public record Exporting(RunFolder run) {

  /// Texts that an exported file must answer as the student does.
  private static final int PARITY_TEXTS = 256;

  /// Writes the student as ONNX into `target`; every file is checked on rows of the run's own test
  /// data before it is put in place.
  public List<ParityReport> onnx(Path target, Set<OnnxPrecision> precisions) throws IOException {
    Pretrained student = student();
    try (TextClassifier model = ModelWeights.classifier(student)) {
      Measuring measuring = new Measuring(testData(), Bootstrap.ofSeed(0));
      return new Shipping(student, student.maxLength(), measuring.samples(PARITY_TEXTS))
          .onnx(model, target, precisions);
    }
  }

  /// Writes the student in Hugging Face layout into `target`.
  public void huggingFace(Path target) throws IOException {
    Pretrained student = student();
    try (TextClassifier model = ModelWeights.classifier(student)) {
      Measuring measuring = new Measuring(testData(), Bootstrap.ofSeed(0));
      new Shipping(student, student.maxLength(), measuring.samples(1)).huggingFace(model, target);
    }
  }

  private Pretrained student() throws IOException {
    if (Files.isDirectory(run.staticStudent())) {
      throw new RunException(
          "%s has a static student, which has one format; it is in %s"
              .formatted(run.root(), run.staticStudent()));
    }
    return ModelFolder.read(run.student());
  }

  private Dataset testData() throws IOException {
    RunRecord record = RunRecord.read(run.provenance());
    Recipe recipe = Recipes.read(run.recipe(), List.of());
    Splits splits =
        Splits.read(
            recipe.data(),
            Path.of(record.recipeFolder()),
            recipe.train().seed(),
            Labels.of(record.labels()));
    Optional<Dataset> test = splits.test();
    return test.orElse(splits.train());
  }
}
