package dev.retort.run;

import dev.retort.data.DataSettings;
import dev.retort.data.Dataset;
import dev.retort.data.Labels;
import dev.retort.data.MaskedDataset;
import dev.retort.data.ScoredPairs;
import dev.retort.data.SimilarityData;
import dev.retort.data.Splits;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.eval.Similarities;
import dev.retort.eval.TokenMetrics;
import dev.retort.export.OnnxPrecision;
import dev.retort.io.Folders;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.Task;
import dev.retort.runtime.StudentManifest;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Measures a model on data of the user's: quality, and for a model that retort-runtime can open
/// latency, throughput, memory and size.
///
/// @param data where the texts are and what is known about them; only `train` of its files is read
/// @param folder what relative paths start from
public record Evaluating(DataSettings data, Path folder) {

  private static final long SEED = 7;
  private static final int PARITY_TEXTS = 256;

  /// Measures `model`: a run, an exported folder, or a model in Hugging Face layout. One evaluation
  /// for each model file that there is.
  ///
  /// @throws RunException if the data lack what such a model is judged by
  public List<Evaluation> evaluate(Path model) throws IOException {
    return evaluate(model, Optional.empty());
  }

  /// Measures `model`, if it is a language model also by how far it is from `teacher`: a model in
  /// Hugging Face layout with the same tokenizer.
  ///
  /// @throws RunException if the data lack what such a model is judged by, or there is a teacher
  ///   that it cannot be compared with
  public List<Evaluation> evaluate(Path model, Optional<Path> teacher) throws IOException {
    RunFolder run = new RunFolder(model);
    Path huggingFace = Files.exists(run.student()) ? run.student() : model;
    if (PretrainedDecoder.isAt(huggingFace)) {
      return List.of(new LanguageModelEvaluating(data, folder).evaluate(huggingFace, teacher));
    }
    if (teacher.isPresent()) {
      throw new RunException(
          "%s is no language model, which alone are compared with a teacher; leave --teacher out"
              .formatted(model));
    }
    for (Path exported : List.of(model, run.onnx(), run.staticStudent())) {
      if (Files.exists(exported.resolve(StudentManifest.FILE_NAME))) {
        return exported(exported);
      }
    }
    Pretrained pretrained = ModelFolder.read(huggingFace);
    return pretrained.tokenHead() ? List.of(tokens(pretrained)) : pretrained(pretrained);
  }

  /// A model in Hugging Face layout is exported for a while, to be measured as others are.
  private List<Evaluation> pretrained(Pretrained pretrained) throws IOException {
    boolean decides = pretrained.head().isPresent();
    Path work = Files.createTempDirectory("retort-evaluate");
    try (TextClassifier model =
        decides ? ModelWeights.classifier(pretrained) : ModelWeights.embedder(pretrained)) {
      Path onnx = work.resolve("onnx");
      Dataset texts = decides ? labelled(pretrained.labels()) : pairs(pretrained.folder()).texts();
      new Shipping(pretrained, pretrained.maxLength(), measuring(texts).samples(PARITY_TEXTS))
          .onnx(model, onnx, EnumSet.of(OnnxPrecision.FP32));
      return exported(onnx);
    } finally {
      Folders.delete(work);
    }
  }

  private List<Evaluation> exported(Path exported) throws IOException {
    StudentManifest manifest = StudentManifest.read(exported);
    return manifest.task().equals(Task.EMBEDDING.recipeName())
        ? vectors(exported, manifest)
        : decisions(exported, manifest);
  }

  private List<Evaluation> decisions(Path exported, StudentManifest manifest) throws IOException {
    Measuring measuring = measuring(labelled(manifest.output().labels()));
    List<Evaluation> evaluations = new ArrayList<>();
    for (String file : manifest.modelFiles()) {
      Predictions said = measuring.predictions(exported, file);
      Evaluation quality = measuring.quality(file, kind(file), said, Optional.empty());
      evaluations.add(measuring.serving(quality, exported, file));
    }
    return evaluations;
  }

  private List<Evaluation> vectors(Path exported, StudentManifest manifest) throws IOException {
    ScoredPairs pairs = pairs(exported);
    Measuring measuring = measuring(pairs.texts());
    List<Evaluation> evaluations = new ArrayList<>();
    for (String file : manifest.modelFiles()) {
      Similarities said = Similarities.of(measuring.vectors(exported, file), pairs.scores());
      Evaluation quality =
          Evaluation.of(file, kind(file)).with(said.measurements(measuring.bootstrap()));
      evaluations.add(measuring.serving(quality, exported, file));
    }
    return evaluations;
  }

  /// Hidden tokens are found through libtorch: retort-runtime does not open such models.
  private Evaluation tokens(Pretrained pretrained) throws IOException {
    Dataset texts = Splits.read(data.withoutLabel(), folder, SEED).train();
    try (Tokenizer tokenizer = Tokenizer.open(pretrained.tokenizer());
        MaskedLanguageModel model = ModelWeights.maskedLanguageModel(pretrained)) {
      TokenizedDataset tokens =
          TokenizedDataset.of(
              texts, TextEncoder.of(tokenizer, pretrained.maxLength()), tokenizer.padId());
      MaskedDataset masked =
          MaskedDataset.of(tokens, MaskedData.masking(tokenizer, pretrained, SEED));
      MaskedData.requireTokens(tokens, masked);
      Predictions said = TokenAnswers.predictions(model, masked, Precision.FP32);
      return tokens(model, said, pretrained.folder());
    }
  }

  /// What is measured by tokens alone.
  static Evaluation tokens(Network<?> model, Predictions said, Path folder) throws IOException {
    return Evaluation.of("model.safetensors", Kind.STUDENT)
        .with(TokenMetrics.measurements(said, Bootstrap.ofSeed(SEED)))
        .with(Measuring.parameters(model))
        .with(Metric.SIZE_MB, Measured.exactly(TokenAnswers.megabytes(folder)));
  }

  private static Kind kind(String file) {
    return file.equals(OnnxPrecision.INT8.fileName()) ? Kind.COMPRESSED : Kind.STUDENT;
  }

  private Dataset labelled(List<String> labels) throws IOException {
    return Splits.read(data, folder, SEED, Labels.of(labels)).train();
  }

  private ScoredPairs pairs(Path model) throws IOException {
    if (data.pair().isEmpty()) {
      throw new RunException(
          "%s makes vectors of texts, which are judged by scored pairs; name the column of the second"
                  .formatted(model)
              + " text with --pair and that of the score with --label");
    }
    return SimilarityData.pairs(data, folder);
  }

  private static Measuring measuring(Dataset texts) {
    return new Measuring(texts, Bootstrap.ofSeed(SEED));
  }
}
