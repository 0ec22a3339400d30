package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.Labels;
import dev.retort.data.SimilarityData;
import dev.retort.data.Splits;
import dev.retort.eval.Bootstrap;
import dev.retort.export.HuggingFaceExporter;
import dev.retort.export.LanguageModelExporter;
import dev.retort.export.MaskedLanguageModelExporter;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.ParityReport;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.convert.GgufConversion;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.recipe.Task;
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
  ///
  /// @throws RunException if the student has no such format
  public List<ParityReport> onnx(Path target, Set<OnnxPrecision> precisions) throws IOException {
    Pretrained student = student();
    if (student.tokenHead()) {
      throw new RunException(
          "%s has a masked language model, which retort-runtime does not open; export it with --to"
                  .formatted(run.root())
              + " safetensors, or fine-tune it as the teacher of another recipe");
    }
    try (TextClassifier model = read(student)) {
      Measuring measuring = new Measuring(testData(), Bootstrap.ofSeed(0));
      return new Shipping(student, student.maxLength(), measuring.samples(PARITY_TEXTS))
          .onnx(model, target, precisions);
    }
  }

  /// Writes the student in Hugging Face layout into `target`.
  public void huggingFace(Path target) throws IOException {
    if (PretrainedDecoder.isAt(run.student())) {
      PretrainedDecoder decoder = PretrainedDecoder.read(run.student());
      try (CausalLanguageModel model = decoder.weights()) {
        new LanguageModelExporter(model, decoder).write(target);
      }
      return;
    }
    Pretrained student = student();
    if (student.tokenHead()) {
      try (MaskedLanguageModel model = ModelWeights.maskedLanguageModel(student)) {
        new MaskedLanguageModelExporter(model, student.folder(), student.maxLength()).write(target);
      }
      return;
    }
    try (TextClassifier model = read(student)) {
      new HuggingFaceExporter(model, student.folder(), student.maxLength()).write(target);
    }
  }

  /// Writes a student that is a language model as a GGUF file, its matrices in numbers of `type`.
  ///
  /// @throws RunException if the student is none
  public void gguf(Path target, GgufType type) throws IOException {
    if (!PretrainedDecoder.isAt(run.student())) {
      throw new RunException(
          "%s has no language model, and GGUF is for those; export it as onnx or safetensors"
              .formatted(run.root()));
    }
    GgufConversion.toGguf(run.student(), target, type);
  }

  private static TextClassifier read(Pretrained student) throws IOException {
    return student.head().isPresent()
        ? ModelWeights.classifier(student)
        : ModelWeights.embedder(student);
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
    Path folder = Path.of(record.recipeFolder());
    if (recipe.task() == Task.EMBEDDING) {
      return SimilarityData.read(recipe.data(), folder).test().texts();
    }
    Splits splits =
        Splits.read(recipe.data(), folder, recipe.train().seed(), Labels.of(record.labels()));
    Optional<Dataset> test = splits.test();
    return test.orElse(splits.train());
  }
}
