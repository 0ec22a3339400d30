package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Cost;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Latency;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.PairedOutcomes;
import dev.retort.eval.Predictions;
import dev.retort.eval.Prices;
import dev.retort.eval.ServingProbe;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.Samples;
import dev.retort.io.Folders;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.CostSettings;
import dev.retort.runtime.Classifier;
import dev.retort.runtime.Embedder;
import dev.retort.runtime.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// Measures models on the test data: quality, and for exported ones how they serve.
///
/// @param test what models are asked
/// @param bootstrap how intervals are drawn
record Measuring(Dataset test, Bootstrap bootstrap) {

  /// What `model` says about `tokens`, the tokenized test data, through libtorch in 32 bits.
  static Predictions predictions(Network<TextBatch> model, TokenizedDataset tokens) {
    return Predictions.ofLogits(
        Predictor.logits(model, tokens, Precision.FP32), Scoring.labels(tokens.dataset()));
  }

  /// What an exported model says about the test data, through retort-runtime.
  Predictions predictions(Path folder, String file) throws IOException {
    Classifier.Options options = Classifier.Options.defaults().withModelFile(file);
    try (Classifier classifier = Classifier.open(folder, options)) {
      return Predictions.ofLogits(
          samples(test.size()).logits(classifier).toArray(float[][]::new), Scoring.labels(test));
    }
  }

  /// The vectors of all test texts that an exported embedder makes, through retort-runtime.
  float[][] vectors(Path folder, String file) throws IOException {
    Classifier.Options options = Classifier.Options.defaults().withModelFile(file);
    try (Embedder embedder = Embedder.open(folder, options)) {
      return samples(test.size()).vectors(embedder).toArray(float[][]::new);
    }
  }

  /// The quality of a model that said `predictions`, and where it is given how it compares with
  /// what the teacher said.
  Evaluation quality(
      String name, Kind kind, Predictions predictions, Optional<Predictions> teacher) {
    List<String> labels = test.labels().names();
    Evaluation evaluation =
        Evaluation.of(name, kind).withClassification(predictions, labels, bootstrap);
    return teacher
        .map(answers ->
            evaluation.with(PairedOutcomes.of(predictions, answers).measurements(bootstrap)))
        .orElse(evaluation);
  }

  /// How many numbers `model` consists of.
  static Map<Metric, Measured> parameters(Network<?> model) {
    Map<Metric, Measured> counts = new EnumMap<>(Metric.class);
    counts.put(Metric.PARAMETERS, Measured.exactly((double) model.weights()));
    long trained = model.parameters().count();
    if (trained != model.weights()) {
      counts.put(Metric.TRAINED_PARAMETERS, Measured.exactly((double) trained));
    }
    return counts;
  }

  /// `evaluation` with how `model` would serve: it is exported for a while, only to be measured on
  /// the same road as a student.
  Evaluation serving(Evaluation evaluation, TextClassifier model, Shipping shipping)
      throws IOException {
    Path work = Files.createTempDirectory("retort-teacher");
    try {
      Path onnx = work.resolve("onnx");
      shipping.onnx(model, onnx, EnumSet.of(OnnxPrecision.FP32));
      return serving(evaluation, onnx, OnnxPrecision.FP32.fileName());
    } finally {
      Folders.delete(work);
    }
  }

  /// `evaluation` with how the exported model serves: latency, throughput, memory, size.
  Evaluation serving(Evaluation evaluation, Path folder, String file) throws IOException {
    ServingProbe.Result result =
        ServingProbe.measure(
            new ServingProbe.Order(folder.toAbsolutePath().toString(), file, probeTexts()));
    Latency single = Latency.ofNanos(nanos(result.nanos()), 1, bootstrap);
    Latency batched = Latency.ofNanos(nanos(result.batchNanos()), result.batchTexts(), bootstrap);
    Evaluation served =
        evaluation
            .with(single.measurements())
            .with(Metric.THROUGHPUT, batched.throughput())
            .with(
                Metric.SIZE_MB,
                Measured.exactly(
                    megabytes(folder, List.of(file, "tokenizer.json", "retort.json"))));
    return result.peakKilobytes().isPresent()
        ? served.with(
            Metric.RSS_MB, Measured.exactly(result.peakKilobytes().getAsLong() * 1024 / 1e6))
        : served;
  }

  /// `evaluation` with what serving it costs, if prices are known.
  ///
  /// @param teacher what its answers did cost; what `settings` say of 1,000 counts more
  static Evaluation cost(
      Evaluation evaluation,
      Optional<CostSettings> settings,
      TeacherCost teacher,
      double trainingHours) {
    Optional<Prices> prices = settings.flatMap(some -> prices(some, teacher));
    Optional<Measured> throughput = evaluation.measurement(Metric.THROUGHPUT);
    if (prices.isEmpty() || throughput.isEmpty()) {
      return evaluation;
    }
    return evaluation.with(
        Cost.of(prices.get(), throughput.get(), OptionalDouble.of(trainingHours)).measurements());
  }

  private static Optional<Prices> prices(CostSettings settings, TeacherCost teacher) {
    return settings
        .teacherPer1000Requests()
        .or(() -> teacher.per1000().map(Measured::value))
        .map(price -> new Prices(price, settings.machinePerHour(), teacher.answers()));
  }

  /// The first `limit` rows of the test data as an exported model is asked.
  Samples samples(int limit) {
    List<Example> examples = test.examples().stream().limit(limit).toList();
    return examples.getFirst().pair().isPresent()
        ? new Samples.Pairs(
            examples.stream()
                .map(example -> new TextPair(example.text(), example.pair().orElse("")))
                .toList())
        : new Samples.Texts(examples.stream().map(Example::text).toList());
  }

  private List<List<String>> probeTexts() {
    return test.examples().stream()
        .map(example -> Stream.concat(Stream.of(example.text()), example.pair().stream()).toList())
        .toList();
  }

  /// How much room `files` of `folder` take.
  static double megabytes(Path folder, List<String> files) throws IOException {
    long bytes = 0;
    for (String name : files) {
      bytes += Files.size(folder.resolve(name));
    }
    return bytes / 1e6;
  }

  private static long[] nanos(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
