package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.DataSettings;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.ParityReport;
import dev.retort.hub.Progress;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Task;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.runtime.Embedder;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingDistillationTest {

  private static final List<String> WORDS =
      List.of("the", "movie", "was", "very", "this", "time", "day", "book", "price", "world");

  @TempDir Path root;

  @Test
  void aStudentLearnsItsTeachersVectors() throws IOException {
    TinyRun tiny = tiny();
    Recipe recipe = tiny.recipe();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = distill(tiny, recipe, folder);

    double teacher = value(report, Kind.TEACHER, Metric.SPEARMAN);
    assertThat(teacher).isGreaterThan(0.2);
    assertThat(value(report, Kind.STUDENT, Metric.TEACHER_CORRELATION))
        .isGreaterThan(value(report, Kind.BASELINE, Metric.TEACHER_CORRELATION))
        .isGreaterThan(0.7);
    assertThat(value(report, Kind.STUDENT, Metric.RETENTION))
        .isEqualTo(value(report, Kind.STUDENT, Metric.SPEARMAN) / teacher);
    assertThat(report.results().first(Kind.COMPRESSED).orElseThrow().measurements())
        .containsKeys(Metric.P95_LATENCY_MS, Metric.SIZE_MB, Metric.THROUGHPUT);
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(folder.reportHtml()).content().contains("rank correlation", "Embedder.open");
    assertThat(folder.student().resolve("README.md")).content().contains("sentence-similarity");
  }

  @Test
  void aFinishedStudentIsMeasuredAndExportedAgain() throws IOException {
    TinyRun tiny = tiny();
    Recipe recipe = tiny.recipe("train.epochs=2", "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    RunReport report = distill(tiny, recipe, folder);
    DataSettings pairs = TinyRun.only("pairs.csv", Optional.of("other"), Optional.of("score"));
    Path again = root.resolve("again");

    List<ParityReport> parity = new Exporting(folder).onnx(again, EnumSet.of(OnnxPrecision.FP32));
    new Exporting(folder).huggingFace(root.resolve("huggingface"));

    assertThat(parity).hasSize(1);
    assertThat(new Evaluating(pairs, root).evaluate(folder.root()))
        .extracting(Evaluation::name)
        .containsExactly("model.onnx", "model-int8.onnx");
    for (Path model : List.of(again, root.resolve("huggingface"))) {
      Evaluation measured = new Evaluating(pairs, root).evaluate(model).getFirst();
      assertThat(measured.measurement(Metric.SPEARMAN).orElseThrow().value())
          .isCloseTo(value(report, Kind.STUDENT, Metric.SPEARMAN), within(1e-3));
      assertThat(measured.measurements()).containsKeys(Metric.P95_LATENCY_MS, Metric.SIZE_MB);
    }
    DataSettings texts = TinyRun.only("texts.csv", Optional.empty(), Optional.of("score"));
    assertThatThrownBy(() -> new Evaluating(texts, root).evaluate(again))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("which are judged by scored pairs")
        .hasMessageContaining("--pair");
  }

  @Test
  void poolingAndPromptsTravelWithTheStudent() throws IOException {
    TinyRun tiny = tiny();
    Files.writeString(
        root.resolve("model/config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"the \"}}");
    Files.writeString(
        root.resolve("model/modules.json"),
        "[{\"idx\": 2, \"type\": \"sentence_transformers.models.Normalize\"}]");
    Recipe recipe = tiny.recipe("train.epochs=1", "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    distill(tiny, recipe, folder);

    assertThat(folder.student().resolve("modules.json")).content().contains("2_Normalize");
    assertThat(folder.student().resolve("config_sentence_transformers.json"))
        .content()
        .contains("query");
    try (Embedder embedder = Embedder.open(folder.onnx())) {
      assertThat(embedder.prompts()).containsEntry("query", "the ");
      assertThat(embedder.embedAs("query", "movie")).isEqualTo(embedder.embed("the movie"));
      float[] vector = embedder.embed("this day");
      assertThat(Embedder.cosine(vector, vector)).isEqualTo(1);
      double squares = 0;
      for (float value : vector) {
        squares += value * value;
      }
      assertThat(squares).isCloseTo(1, within(1e-5));
      assertThatThrownBy(() -> embedder.embedAs("passage", "x"))
          .hasMessageContaining("'passage' is not one of the student's prompts, [query]");
    }
  }

  @Test
  void aTableOfTokenVectorsLearnsThemToo() throws IOException {
    TinyRun tiny = tiny();
    Recipe recipe =
        tiny.recipe("student={from: static, table: {dimensions: 16}}", "train.learningRate=1e-2");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = distill(tiny, recipe, folder);

    assertThat(value(report, Kind.STUDENT, Metric.TEACHER_CORRELATION))
        .isGreaterThan(value(report, Kind.BASELINE, Metric.TEACHER_CORRELATION));
    try (Embedder embedder = Embedder.open(folder.staticStudent())) {
      assertThat(embedder.dimensions()).isEqualTo(16);
    }
    assertThat(folder.staticStudent().resolve("README.md"))
        .content()
        .contains("sentence-similarity", "StaticModel.from_pretrained", "rank correlation")
        .doesNotContain("## Labels");
  }

  @Test
  void anEmbedderLearnsFromAugmentedTextsToo() throws IOException {
    TinyRun tiny = tiny();
    Recipe plain = tiny.recipe("train.epochs=1", "baseline=false");
    Recipe recipe = tiny.recipe("train.epochs=1", "baseline=false", "data.augment={copies: 2}");

    RunReport without = distill(tiny, plain, RunFolder.create(root.resolve("runs"), plain));
    RunReport with = distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe));

    assertThat(with.run().data().splits().getFirst().name()).isEqualTo("train and augmented");
    assertThat(with.run().data().splits().getFirst().rows())
        .isGreaterThan(2 * without.run().data().splits().getFirst().rows());
  }

  @Test
  void anEmbedderOfFrozenVectorsHasNothingToLearn() throws IOException {
    TinyRun tiny = tiny();
    Recipe recipe = tiny.recipe("student={from: static, table: {dimensions: 16, train: false}}");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    assertThatThrownBy(() -> distill(tiny, recipe, folder))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("student.table.train: 'false' leaves nothing to train");
  }

  @Test
  void probabilitiesAreNothingAnEmbedderHas() throws IOException {
    TinyRun tiny = tiny();
    Recipe recipe = tiny.recipe("objective=[{use: forward-kl}]", "teacher.fineTune={epochs: 1}");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    assertThatThrownBy(() -> distill(tiny, recipe, folder))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("objective[0].use: 'forward-kl' compares probabilities")
        .hasMessageContaining("teacher.fineTune: an embedder is taken as it is");
  }

  @Test
  void aCheckReadsPairsAndTexts() throws IOException {
    TinyRun tiny = tiny();
    RunContext context = tiny.context(new RunListener() {}, new StopSwitch());

    Checkup checkup = Checkup.of(tiny.recipe(), root, context.models(), Progress.none());

    assertThat(checkup.splits())
        .extracting(split -> split.name() + " " + split.size())
        .containsExactly(
            "train " + checkup.splits().getFirst().size(), "validation 120", "test 240");
    assertThat(checkup.plan().recipe().task()).isEqualTo(Task.EMBEDDING);
  }

  private static double value(RunReport report, Kind kind, Metric metric) {
    return report.results().measurement(kind, metric).orElseThrow().value();
  }

  private static RunReport distill(TinyRun tiny, Recipe recipe, RunFolder folder)
      throws IOException {
    return new Distillation(tiny.context(new RunListener() {}, new StopSwitch()))
        .distill(recipe, tiny.root(), folder);
  }

  private TinyRun tiny() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Random random = new Random(5);
    Files.writeString(
        root.resolve("texts.csv"),
        "text\n"
            + random
                .ints(300, 0, 1_000_000)
                .mapToObj(seed -> sentence(new Random(seed)) + "\n")
                .collect(Collectors.joining()));
    Files.writeString(root.resolve("valid.csv"), pairs(60, 1));
    Files.writeString(root.resolve("pairs.csv"), pairs(120, 2));
    Files.writeString(
        tiny.recipeFile(),
        """
        name: tiny-embedder
        task: embedding
        teacher: {model: '%s', maxLength: 24}
        student: {from: teacher, layers: [1]}
        data: {train: texts.csv, validation: valid.csv, test: pairs.csv, pair: other,
               label: score}
        objective: [{use: embedding-cosine}, {use: similarity-kl, weight: 0.1}]
        train: {epochs: 15, batchTokens: 400, learningRate: 5e-3, precision: fp32}
        require: {retention: ">= 0.5"}
        """
            .formatted(root.resolve("model")));
    return tiny;
  }

  /// People find two texts as alike as they have words in common.
  private static String pairs(int count, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("text,other,score\n");
    for (int i = 0; i < count; i++) {
      String first = sentence(random);
      List<String> words = new ArrayList<>(List.of(first.split(" ")));
      int kept = random.nextInt(words.size() + 1);
      List<String> second = new ArrayList<>(words.subList(0, kept));
      second.addAll(List.of(sentence(random).split(" ")).subList(kept, words.size()));
      Set<String> shared = new HashSet<>(words);
      shared.retainAll(second);
      csv.append("%s,%s,%d\n".formatted(first, String.join(" ", second), shared.size()));
    }
    return csv.toString();
  }

  private static String sentence(Random random) {
    return random.ints(6, 0, WORDS.size()).mapToObj(WORDS::get).collect(Collectors.joining(" "));
  }
}
