package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import dev.retort.export.OnnxPrecision;
import dev.retort.hub.Hub;
import dev.retort.hub.HubSettings;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs of task `masked-lm` under a tiny teacher with random weights: what there is to learn
/// comes from the texts, each of which repeats a word.
class MaskedDistillationTest {

  private static final List<String> WORDS =
      List.of("good", "bad", "slow", "the", "movie", "was", "very", "this", "time", "day");

  @TempDir Path root;

  @BeforeEach
  void writeModelAndData() throws IOException {
    Path source = Path.of("src/test/resources/parity");
    Path model = Files.createDirectory(root.resolve("model"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(source.resolve("bert-masked").resolve(name), model.resolve(name));
    }
    Files.copy(source.resolve("tokenizer/tokenizer.json"), model.resolve("tokenizer.json"));
    Files.writeString(root.resolve("train.csv"), csv(300, 1));
    Files.writeString(root.resolve("test.csv"), csv(60, 2));
    Files.writeString(
        root.resolve("recipe.yaml"),
        """
        name: tiny-distilbert
        task: masked-lm
        teacher: {model: '%s', maxLength: 24}
        student: {from: teacher, layers: [1]}
        data: {train: train.csv, test: test.csv, validation: 15%%}
        objective:
          - {use: forward-kl, temperature: 2, weight: 0.05}
          - {use: cross-entropy, weight: 2}
          - {use: hidden-cosine, map: last, weight: 0.05}
        train: {epochs: 12, batchTokens: 400, learningRate: 1e-2, precision: fp32,
                checkpointEvery: 5}
        require: {accuracy: ">= 0.2", retention: ">= 0.5"}
        """
            .formatted(model));
  }

  @Test
  void aRunGoesFromRecipeToReport() throws IOException {
    Recipe recipe = recipe();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = distill(recipe, folder, new RunListener() {});

    assertThat(report.results().evaluations())
        .extracting(Evaluation::name)
        .containsExactly("teacher", "student", "baseline");
    for (Evaluation evaluation : report.results().evaluations()) {
      double loss = value(evaluation, Metric.NEGATIVE_LOG_LIKELIHOOD);
      assertThat(Math.log(value(evaluation, Metric.PERPLEXITY))).isCloseTo(loss, within(1e-9));
    }
    assertThat(accuracy(report, Kind.TEACHER)).isLessThan(0.1);
    assertThat(accuracy(report, Kind.STUDENT)).isGreaterThan(0.4);
    assertThat(accuracy(report, Kind.BASELINE)).isGreaterThan(0.4);
    assertThat(report.results().first(Kind.STUDENT).orElseThrow().measurements())
        .containsKeys(Metric.AGREEMENT, Metric.SIZE_MB, Metric.PARAMETERS);
    assertThat(report.results().comparisons()).hasSize(1);
    assertThat(report.verdicts().getFirst()).isInstanceOf(Verdict.Met.class);
    assertThat(report.run().task()).isEqualTo("masked-lm");
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(folder.reportHtml()).content().contains("perplexity").contains("baseline");
    assertThat(folder.student().resolve("README.md")).content().contains("fill-mask");
    assertThat(folder.onnx()).doesNotExist();
    try (MaskedLanguageModel student =
        ModelWeights.maskedLanguageModel(ModelFolder.read(folder.student()))) {
      assertThat(student.config().layers()).isEqualTo(1);
    }
  }

  @Test
  void aFinishedStudentIsMeasuredAndExportedAgain() throws IOException {
    Recipe recipe = recipe("train.epochs=2", "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    RunReport report = distill(recipe, folder, new RunListener() {});

    Evaluation again =
        new Evaluating(TinyRun.only("test.csv", Optional.empty(), Optional.empty()), root)
            .evaluate(folder.root())
            .getFirst();
    Exporting exporting = new Exporting(folder);
    exporting.huggingFace(root.resolve("again"));

    assertThat(value(again, Metric.ACCURACY)).isEqualTo(accuracy(report, Kind.STUDENT));
    assertThat(again.measurements()).containsKeys(Metric.PERPLEXITY, Metric.SIZE_MB);
    assertThat(root.resolve("again/model.safetensors"))
        .hasSameBinaryContentAs(folder.student().resolve("model.safetensors"));
    assertThatThrownBy(() -> exporting.onnx(root.resolve("onnx"), EnumSet.of(OnnxPrecision.FP32)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("has a masked language model, which retort-runtime does not open");
  }

  @Test
  void theRecipeOfDistilBertRunsOnATinyTeacher() throws IOException {
    Recipe recipe =
        Recipes.read(
            Path.of("../recipes/distilbert.yaml"),
            List.of(
                "teacher.model=" + root.resolve("model"),
                "teacher.maxLength=24",
                "student.layers=[0]",
                "train.epochs=1",
                "train.batchTokens=400"));

    RunReport report =
        distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(report.verdicts())
        .extracting(verdict -> verdict.requirement().metric())
        .containsExactly(Metric.RETENTION, Metric.PERPLEXITY);
    assertThat(report.verdicts()).allSatisfy(v -> assertThat(v.measurement()).isPresent());
  }

  @Test
  void anInterruptedRunIsTakenUpWhereItStopped() throws IOException {
    Recipe recipe = recipe("train.epochs=2", "baseline=false");
    RunFolder straight = RunFolder.create(root.resolve("straight"), recipe);
    distill(recipe, straight, new RunListener() {});

    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    StopSwitch stop = new StopSwitch();
    RunListener interrupting =
        new RunListener() {
          @Override
          public void stepEnded(StepReport report) {
            if (report.step() == 8) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    assertThatThrownBy(
            () -> new Distillation(context(interrupting, stop)).distill(recipe, root, folder))
        .isInstanceOf(RunInterruptedException.class);
    distill(recipe, folder, new RunListener() {});

    assertThat(folder.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(straight.student().resolve("model.safetensors"));
  }

  @Test
  void textsNeedNoLabels() throws IOException {
    Files.writeString(
        root.resolve("train.csv"),
        csv(300, 1)
            .replace("text\n", "text,label\n")
            .replace("\n", ",x\n")
            .replace(",label,x", ",label"));
    Recipe recipe = recipe("train.epochs=1", "baseline=false");

    RunReport report =
        distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(report.run().data().balance()).isEmpty();
  }

  @Test
  void whatDoesNotFitTheTeacherIsNamedAtOnce() throws IOException {
    Path config = root.resolve("model/config.json");
    Files.writeString(config, Files.readString(config).replace("BertForMaskedLM", "BertModel"));
    Recipe recipe =
        recipe(
            "teacher.fineTune={}",
            "student.intermediateSize=32",
            "data.pair=other",
            "train.onPolicy={}",
            "train.gradientCheckpointing=true",
            "objective=[{use: cross-entropy}, {use: embedding-cosine}]");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    Files.writeString(root.resolve("train.csv"), "text,other\na,b\n".repeat(1));

    assertThatThrownBy(() -> distill(recipe, folder, new RunListener() {}))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("teacher.model: task masked-lm needs a model with a masked-LM head")
        .hasMessageContaining("teacher.fineTune: a masked-lm teacher is asked as it is")
        .hasMessageContaining("student: task masked-lm makes students of the teacher's layers only")
        .hasMessageContaining("data.pair: task masked-lm reads one text")
        .hasMessageContaining("objective[1]: compares vectors of whole texts")
        .hasMessageContaining("train.onPolicy: only a student of task generation writes texts")
        .hasMessageContaining("train.gradientCheckpointing: only layers of language models");
  }

  @Test
  void onnxIsRefusedWithTheRecipe() {
    assertThatThrownBy(() -> recipe("export=[safetensors, onnx]", "deploy=onnx"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("export")
        .hasMessageContaining("must be [safetensors] with `deploy:");
  }

  @Test
  void textsWithoutWordsAreRefused() throws IOException {
    Files.writeString(root.resolve("test.csv"), "text\n[SEP]\n[CLS]\n");
    Recipe recipe = recipe("data.leakage=warn");

    assertThatThrownBy(() ->
            distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("test: no text has a token that could be hidden");
  }

  @Test
  void thereIsNothingToLabelAhead() {
    assertThatThrownBy(() ->
            new Distillation(context(new RunListener() {}, new StopSwitch())).label(recipe(), root))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("others in every epoch");
  }

  private Recipe recipe(String... overrides) {
    return Recipes.read(root.resolve("recipe.yaml"), List.of(overrides));
  }

  private RunReport distill(Recipe recipe, RunFolder folder, RunListener listener)
      throws IOException {
    return new Distillation(context(listener, new StopSwitch())).distill(recipe, root, folder);
  }

  private RunContext context(RunListener listener, StopSwitch stop) {
    Map<String, String> environment = Map.of("RETORT_HOME", root.resolve("home").toString());
    return new RunContext(
        new Models(new Hub(HubSettings.fromEnvironment(environment, root))),
        Workspace.fromEnvironment(environment, root),
        listener,
        stop);
  }

  private static double accuracy(RunReport report, Kind kind) {
    return value(report.results().first(kind).orElseThrow(), Metric.ACCURACY);
  }

  private static double value(Evaluation evaluation, Metric metric) {
    return Optional.of(evaluation).flatMap(e -> e.measurement(metric)).orElseThrow().value();
  }

  /// One word again and again, with another now and then.
  private static String csv(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("text\n");
    for (int i = 0; i < rows; i++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      int length = 7 + random.nextInt(8);
      for (int j = 0; j < length; j++) {
        String noise = WORDS.get(random.nextInt(WORDS.size()));
        csv.append(j == 0 ? "" : " ").append(random.nextInt(5) == 0 ? noise : word);
      }
      csv.append('\n');
    }
    return csv.toString();
  }
}
