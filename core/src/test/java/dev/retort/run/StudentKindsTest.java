package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataSettings;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.hub.Progress;
import dev.retort.model.EncoderConfig;
import dev.retort.model.ModelFolder;
import dev.retort.recipe.Plan;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.runtime.Classifier;
import dev.retort.runtime.Embedder;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole run for each kind of student; the teacher has 2 layers, 32 wide, with 4 heads and 64
/// neurons.
class StudentKindsTest {

  @TempDir Path root;

  @Test
  void aStudentCanBeNarrowerThanItsTeacher() throws IOException {
    Recipe recipe =
        TinyRun.in(root).recipe("student={layers: [1], hiddenSize: 16, intermediateSize: 24}");

    RunFolder folder = distill(recipe);

    assertSizeOfStudent(folder, 1, 16, 2, 24);
    assertLearnt(folder);
  }

  @Test
  void aStudentCanBeginFromScratch() throws IOException {
    Recipe recipe =
        TinyRun.in(root)
            .recipe(
                "student={from: scratch, architecture: {layers: 1, hiddenSize: 24, heads: 3,"
                    + " intermediateSize: 40}}",
                "train.epochs=20");

    RunFolder folder = distill(recipe);

    assertSizeOfStudent(folder, 1, 24, 3, 40);
    assertLearnt(folder);
  }

  @Test
  void aStudentCanBeAnotherModelThatReadsOtherTokens() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Path other = tiny.writeOtherModel();
    Recipe recipe =
        tiny.recipe(
            "student={from: '%s', layers: [0], intermediateSize: 40}".formatted(other),
            "objective=[{use: forward-kl, temperature: 2}]", // all that is learnt is the teacher's
            "train.epochs=12");

    RunFolder folder = distill(recipe);

    assertSizeOfStudent(folder, 1, 32, 4, 40);
    assertLearnt(folder);
    assertThat(folder.student().resolve("tokenizer.json"))
        .hasSameTextualContentAs(other.resolve("tokenizer.json"));
    assertThat(folder.student().resolve("README.md")).content().contains(other.toString());
    assertThat(RunRecord.read(folder.provenance()).studentModel()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{dimensions: 16}", "{dimensions: 16, train: false, frequencies: data}"})
  void aStudentCanBeATableOfTokenVectors(String table) throws IOException {
    Recipe recipe =
        TinyRun.in(root)
            .recipe(
                "student={from: static, table: %s}".formatted(table),
                "train.epochs=20",
                "train.learningRate=3e-2");

    RunFolder folder = distill(recipe);

    assertLearnt(folder, folder.staticStudent());
    assertThat(folder.onnx()).doesNotExist();
    assertThat(folder.student()).doesNotExist();
    assertThat(folder.delivered()).isEqualTo(folder.staticStudent());
    assertThat(folder.staticStudent().resolve("README.md"))
        .content()
        .contains("library_name: model2vec", "Path.of(\"export/static\")", "and this folder:");
    try (Embedder embedder = Embedder.open(folder.staticStudent())) {
      assertThat(embedder.dimensions()).isEqualTo(16);
    }
    DataSettings test = TinyRun.only("test.csv", Optional.empty(), Optional.of("label"));
    assertThat(new Evaluating(test, root).evaluate(folder.root()))
        .extracting(Evaluation::name)
        .containsExactly("model.safetensors");
    assertThatThrownBy(() -> new Exporting(folder).huggingFace(root.resolve("elsewhere")))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("has a static student, which has one format; it is in");
  }

  @Test
  void aStaticStudentHasNoLayersToCompare() throws IOException {
    Recipe recipe =
        TinyRun.in(root)
            .recipe(
                "student={from: static, table: {dimensions: 64}}",
                "objective=[forward-kl, hidden-mse]");

    assertThatThrownBy(() -> distill(recipe))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "student.table.dimensions: 64 are more than the hidden size of the teacher, 32");
    Recipe narrow =
        new TinyRun(root)
            .recipe(
                "student={from: static, table: {dimensions: 16}}",
                "objective=[forward-kl, hidden-mse]");
    assertThatThrownBy(() -> distill(narrow))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "objective[1]: hidden-mse compares layers, and a static student has none");
  }

  @Test
  void tokensThatDifferCannotBeComparedOneByOne() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe =
        tiny.recipe(
            "student={from: '%s'}".formatted(tiny.writeOtherModel()),
            "objective=[forward-kl, {use: hidden-mse}]");

    assertThatThrownBy(() -> distill(recipe))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith(
            "objective[1]: hidden-mse compares token by token, but the tokenizer of")
        .hasMessageContaining("is not the teacher's; use objectives on distributions");
  }

  @Test
  void tokensThatAreTheSameCanBe() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Path same = tiny.copyModel("same", "minilm");
    Path file = same.resolve("tokenizer.json");
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst(
                "\"truncation\": ?null",
                "\"truncation\": {\"max_length\": 9, \"strategy\": \"LongestFirst\", \"stride\": 0, \"direction\": \"Right\"}"));
    Recipe recipe =
        tiny.recipe(
            "student={from: '%s'}".formatted(same), "objective=[forward-kl, {use: hidden-mse}]");

    Plan plan =
        tiny.context(new RunListener() {}, new StopSwitch()).models().plan(recipe, Progress.none());

    assertThat(file).content().contains("max_length\": 9");
    assertThat(plan.sharedTokens()).isTrue();
    assertThat(plan.source().folder()).isEqualTo(same);
  }

  /// Student and baseline are of one size, and the student learns; that exported files compute what
  /// it computes is checked while they are written.
  private static void assertLearnt(RunFolder folder) throws IOException {
    assertLearnt(folder, folder.onnx());
  }

  private static void assertLearnt(RunFolder folder, Path exported) throws IOException {
    RunReport report = JsonReport.read(folder.reportJson());
    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
    assertThat(report.results().measurement(Kind.BASELINE, Metric.PARAMETERS))
        .isEqualTo(report.results().measurement(Kind.STUDENT, Metric.PARAMETERS));
    try (Classifier student = Classifier.open(exported)) {
      assertThat(student.classify("the movie was very good").label()).isEqualTo("good");
    }
  }

  private static void assertSizeOfStudent(
      RunFolder folder, int layers, int hidden, int heads, int intermediate) throws IOException {
    EncoderConfig config = ModelFolder.read(folder.student()).config();
    assertThat(config).isEqualTo(config.resized(layers, hidden, heads, intermediate));
  }

  private RunFolder distill(Recipe recipe) throws IOException {
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    new Distillation(new TinyRun(root).context(new RunListener() {}, new StopSwitch()))
        .distill(recipe, root, folder);
    return folder;
  }
}
