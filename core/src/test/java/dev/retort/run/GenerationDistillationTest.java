package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.data.DataSettings;
import dev.retort.data.Leakage;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import dev.retort.gguf.GgufFile;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.convert.GgufConversion;
import dev.retort.gguf.convert.TinyGguf;
import dev.retort.hub.Progress;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.JsonReport;
import dev.retort.report.LearningCurve;
import dev.retort.report.RunReport;
import dev.retort.tensor.DType;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationDistillationTest {

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  @Test
  void aRunGoesFromRecipeToReport() throws IOException {
    Recipe recipe = tiny.recipe();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    assertThat(report.results().evaluations())
        .extracting(Evaluation::name)
        .containsExactly("teacher", "student", "baseline");
    assertThat(TinyLanguageRun.value(report, Kind.TEACHER, Metric.ACCURACY)).isLessThan(0.1);
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.5);
    assertThat(TinyLanguageRun.value(report, Kind.BASELINE, Metric.ACCURACY)).isGreaterThan(0.5);
    assertThat(TinyLanguageRun.value(report, Kind.TEACHER, Metric.PERPLEXITY))
        .isGreaterThan(2 * TinyLanguageRun.value(report, Kind.STUDENT, Metric.PERPLEXITY));
    assertThat(report.verdicts()).allMatch(verdict -> verdict instanceof Verdict.Met);
    assertThat(report.run().task()).isEqualTo("generation");
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(folder.student().resolve("README.md")).content().contains("text-generation");

    Evaluation again = new Evaluating(columns(), root).evaluate(folder.root()).getFirst();
    assertThat(again.measurement(Metric.PERPLEXITY).orElseThrow().value())
        .isCloseTo(TinyLanguageRun.value(report, Kind.STUDENT, Metric.PERPLEXITY), within(1e-6));
    PretrainedDecoder written = PretrainedDecoder.read(folder.student());
    assertThat(written.config().layers()).isEqualTo(2);
    assertThat(written.endIds()).containsExactly(3);
  }

  /// Layers that are computed again give the student of a run that keeps them, to the bit.
  @ParameterizedTest
  @ValueSource(strings = {"fp32", "bf16"})
  void checkpointsOfGradientsChangeNothing(String precision) throws IOException {
    String[] few = {"train.epochs=1", "baseline=false", "train.precision=" + precision};
    Recipe kept = tiny.recipe(few);
    Recipe again = tiny.recipe(few[0], few[1], few[2], "train.gradientCheckpointing=true");
    RunFolder first = RunFolder.create(root.resolve("kept"), kept);
    RunFolder second = RunFolder.create(root.resolve("again"), again);

    tiny.distill(kept, first, new RunListener() {});
    tiny.distill(again, second, new RunListener() {});

    assertThat(second.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(first.student().resolve("model.safetensors"));
  }

  @Test
  void anInterruptedRunIsTakenUpWhereItStopped() throws IOException {
    Recipe recipe = tiny.recipe("train.epochs=2");
    TinyLanguageRun.Resumed run = tiny.resumed(recipe);

    assertThat(run.parts().student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(run.whole().student().resolve("model.safetensors"));
  }

  /// Labels alone, and no column of completions: every token of a text is learnt.
  @Test
  void wholeTextsAreLearntWithoutATeacher() throws IOException {
    StringBuilder texts = new StringBuilder();
    for (int i = 0; i < 80; i++) {
      texts.append(
          "the movie was %s this %s\n"
              .formatted(TinyLanguageRun.WORDS.get(i % 10), TinyLanguageRun.WORDS.get(i / 10)));
    }
    Files.writeString(root.resolve("texts.txt"), texts);
    Recipe recipe =
        tiny.recipe(
            "data={train: texts.txt, validation: 20%, test: 20%, leakage: warn}",
            "objective=[cross-entropy]", "baseline=false", "train.epochs=20");
    RunReport report =
        tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.PERPLEXITY)).isLessThan(5);
  }

  /// First what the teacher computes inside, on texts of another file, then what it says.
  @Test
  void aStudentIsTaughtInStages() throws IOException {
    Files.writeString(root.resolve("more.csv"), TinyLanguageRun.csv(60, 3));
    Recipe recipe =
        tiny.recipe(
            "objective=[]",
            """
            stages=[
              {name: inside, data: more.csv, objective: [hidden-mse, hidden-cosine],
               train: {epochs: 1}},
              {name: answers, objective: [{use: forward-kl, temperature: 2, weight: 0.1},
               cross-entropy]}]
            """);
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    assertThat(report.results().evaluations()).hasSize(3);
    assertThat(report.curves())
        .extracting(LearningCurve::phase)
        .containsExactly("student, inside", "student, answers", "baseline");
    assertThat(folder.phase("student-1-inside")).isDirectory();
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.5);
  }

  @Test
  void everyStageOfConversationsLearnsFromTheSameData() throws IOException {
    Recipe recipe =
        tiny.recipe(
            "objective=[]",
            "data={train: chats.jsonl, test: 10%, validation: 10%, rows: conversations}",
            "stages=[{name: one, data: more.csv, objective: [forward-kl]},"
                + " {name: two, objective: [{use: forward-kl, from: ema}]}]");

    assertThatThrownBy(
            () -> GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model"))))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("stages[].data: not for task generation: only rows of columns")
        .hasMessageContaining("stages[1].objective: every loss compares the student with itself");
  }

  /// First the preferred answers, then that they are preferred, without going far from there.
  @Test
  void aStudentLearnsWhatIsPreferred() throws IOException {
    Files.writeString(root.resolve("train.jsonl"), TinyLanguageRun.preferences(160, 1));
    Files.writeString(root.resolve("test.jsonl"), TinyLanguageRun.preferences(40, 2));
    Recipe recipe =
        tiny.recipe(
            "data={train: train.jsonl, test: test.jsonl, validation: 15%, rows: preferences,"
                + " leakage: warn}",
            "objective=[]",
            "baseline=false",
            "require={preferenceAccuracy: '>= 0.75'}",
            """
            stages=[
              {name: answers, objective: [cross-entropy], train: {epochs: 2}},
              {name: preferences, objective: [{use: direct-preference, beta: 0.5, from: start}],
               train: {epochs: 2, learningRate: 3e-3, keep: last}}]
            """);
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    double[] losses =
        report.curves().getLast().loss().stream().mapToDouble(point -> point.value()).toArray();
    assertThat(losses[0]).isCloseTo(Math.log(2), within(1e-3));
    assertThat(losses[losses.length - 1]).isLessThan(0.4);
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.PREFERENCE_ACCURACY))
        .isGreaterThan(0.9);
    assertThat(TinyLanguageRun.value(report, Kind.TEACHER, Metric.PREFERENCE_ACCURACY))
        .isLessThan(0.8);
    assertThat(report.verdicts()).hasSize(1).allMatch(verdict -> verdict instanceof Verdict.Met);
  }

  @Test
  void preferencesNeedPairsAndAreNotMixedWithLabels() throws IOException {
    PretrainedDecoder teacher = PretrainedDecoder.read(root.resolve("model"));
    Recipe columns = tiny.recipe("objective=[direct-preference]");
    Recipe mixed =
        tiny.recipe(
            "data={train: a.jsonl, test: 10%, validation: 10%, rows: preferences}",
            "objective=[direct-preference, cross-entropy]");

    assertThatThrownBy(() -> GenerationPlan.of(columns, teacher))
        .hasMessageContaining("objective: direct-preference compares two answers; have such rows");
    assertThatThrownBy(() -> GenerationPlan.of(mixed, teacher))
        .hasMessageContaining("objective: losses on single answers would learn rejected ones");
  }

  @Test
  void whatDoesNotFitIsNamedAtOnce() throws IOException {
    Recipe recipe =
        tiny.recipe(
            "student={layers: [0, 3], intermediateSize: 64}",
            "teacher.maxLength=64",
            "teacher.fineTune={epochs: 1}",
            "objective=[attention-mse, {use: forward-kl, from: ema}, {use: reverse-kl, from: dropout}]",
            "train.mixup={}");

    assertThatThrownBy(() ->
            Checkup.of(
                recipe,
                root,
                tiny.context(new RunListener() {}, new StopSwitch()).models(),
                Progress.none()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "student.layers[1]: layer 3 does not exist; the teacher has layers 0 to 2")
        .hasMessageContaining("student.intermediateSize: 64 is more than the 48 of the teacher")
        .hasMessageContaining("teacher.maxLength: 64 tokens do not fit")
        .hasMessageContaining("teacher.fineTune: not for task generation")
        .hasMessageContaining("objective[0]: attention-mse compares what is not asked for in task")
        .hasMessageContaining("objective[2].from: language models are trained without dropout")
        .hasMessageContaining("train.mixup: not for task generation");
    assertThatThrownBy(() -> tiny.recipe("deploy=onnx"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("must be [safetensors] with `deploy: safetensors` for task");
  }

  @Test
  void promptsThatLeaveNoRoomAreReported() throws IOException {
    Recipe recipe = tiny.recipe();
    PretrainedDecoder teacher = PretrainedDecoder.read(root.resolve("model"));
    String longPrompt = "the ".repeat(30);
    Files.writeString(
        root.resolve("test.csv"),
        TinyLanguageRun.csv(50, 2) + longPrompt + ",good day\n" + longPrompt + "day,bad\n");

    RunData texts = new TextReading(teacher, recipe).of(CheckedData.read(recipe, root));

    assertThat(texts.findings())
        .anyMatch(finding -> finding.toString().contains("2 of 52 texts left out"));
  }

  /// From llama.cpp's file to llama.cpp's file.
  @Test
  void aTeacherIsReadFromGgufAndItsStudentWrittenAsGguf() throws IOException {
    Path teacher = TinyGguf.writeLlama(root.resolve("teacher.gguf"));
    Recipe recipe =
        tiny.recipe(
            "teacher={model: '%s', maxLength: 64}".formatted(teacher),
            "student.layers=[1]",
            "train.epochs=1",
            "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});
    Path written = root.resolve("student.gguf");
    new Exporting(folder).gguf(written, GgufType.Q8_0);
    new Exporting(folder).huggingFace(root.resolve("again"));

    assertThat(report.results().first(Kind.STUDENT)).isPresent();
    try (GgufFile file = GgufFile.open(written)) {
      assertThat(file.get("blk.0.ffn_up.weight").type()).isEqualTo(GgufType.Q8_0);
    }
    GgufConversion.toFolder(written, root.resolve("opened"), DType.FLOAT32);
    assertThat(PretrainedDecoder.read(root.resolve("opened")).config().layers()).isEqualTo(1);
    assertThat(root.resolve("again/model.safetensors"))
        .hasSameBinaryContentAs(folder.student().resolve("model.safetensors"));
  }

  @Test
  void aSplitWithNothingToLearnIsRefused() throws IOException {
    Files.writeString(
        root.resolve("test.csv"), "prompt,completion\n" + "the ".repeat(30) + ",day\n");
    Recipe recipe = tiny.recipe();
    GenerationPlan plan = GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model")));
    CheckedData checked = CheckedData.read(recipe, root);

    assertThatThrownBy(() -> new TextReading(plan.reader(), plan.recipe()).of(checked))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("test: 1 of 1 texts left out");
  }

  @Test
  void nothingIsAskedAheadThatIsNotKept() throws IOException {
    Distillation distillation =
        new Distillation(tiny.context(new RunListener() {}, new StopSwitch()));

    assertThatThrownBy(() -> distillation.label(tiny.recipe(), root))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(
            "teacher.signals: 'online' asks the teacher while its student is trained");
  }

  /// The test data, to be evaluated on.
  static DataSettings columns() {
    return new DataSettings(
        "test.csv",
        Optional.empty(),
        Optional.empty(),
        "prompt",
        Optional.of("completion"),
        Optional.empty(),
        Optional.empty(),
        Leakage.WARN);
  }
}
