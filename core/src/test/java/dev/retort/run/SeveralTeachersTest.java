package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataException;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Metric;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.LearningCurve;
import dev.retort.report.RunReport;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeveralTeachersTest {

  private static final int TRAINING_AND_VALIDATION = 360;

  @TempDir Path root;

  @Test
  void aStudentLearnsFromAnEnsembleOfSeeds() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe =
        tiny.several(
            List.of(tiny.model("model") + ", seed: 1", tiny.model("model") + ", seed: 2"),
            "combine={use: mixture, weighting: quality}",
            "baseline=false",
            "objective=[{use: forward-kl, temperature: 2},"
                + " {use: hidden-mse, pairs: [{student: 0, teacher: 1}], weight: 0.1}]");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = distill(tiny, recipe, folder);

    assertThat(report.results().evaluations())
        .extracting(Evaluation::name)
        .containsExactly("ensemble", "teacher-1", "teacher-2", "student", "student int8");
    assertThat(accuracy(report, "ensemble")).isGreaterThan(0.9);
    assertThat(accuracy(report, "student")).isGreaterThan(0.9);
    for (String teacher : List.of("teacher-1", "teacher-2")) {
      assertThat(evaluation(report, teacher).measurements())
          .containsKeys(Metric.AGREEMENT, Metric.P50_LATENCY_MS, Metric.SIZE_MB);
    }
    assertThat(report.curves())
        .extracting(LearningCurve::phase)
        .contains("teacher-1 fine-tuning", "teacher-2 fine-tuning");
    RunRecord record = RunRecord.read(folder.provenance());
    assertThat(record.teachers()).containsOnlyKeys("teacher-1", "teacher-2");
    assertThat(record.teachers().values()).doesNotHaveDuplicates();
    assertThat(record.seeds()).containsEntry("teacher-1", 1L).containsEntry("teacher-2", 2L);
    assertThat(folder.student().resolve("README.md"))
        .content()
        .contains(record.teachers().values().stream().map(hash -> hash.substring(0, 12)).toList());
  }

  @Test
  void teachersMayReadOtherTokensThanTheirStudent() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    tiny.writeOtherModel();
    Recipe recipe =
        tiny.several(
            List.of(tiny.model("model") + ", name: own", tiny.model("other") + ", name: other"),
            "combine={use: logit-average, weighting: {use: confidence, by: label}}",
            "baseline=false",
            "objective=[{use: logit-mse}]");

    RunReport report = distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe));

    // In the tokens of the student's own teacher, the other one could only guess among three.
    assertThat(accuracy(report, "other")).isGreaterThan(0.9);
    assertThat(accuracy(report, "ensemble")).isGreaterThan(0.9);
    assertThat(accuracy(report, "student")).isGreaterThan(0.9);
  }

  @Test
  void aColumnSaysWhoAnswers() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    tiny.writeOtherModel();
    for (String file : List.of("train.csv", "test.csv")) {
      addLanguages(root.resolve(file));
    }
    Recipe recipe = routed(tiny, "{en: english, de: german}");
    Recipe mixed = routed(tiny, "{en: english, de: german}", "train.mixup={}");

    assertThatThrownBy(() -> distill(tiny, mixed, RunFolder.create(root.resolve("runs"), mixed)))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "train.mixup: with `combine: routing` two texts may have two teachers");
    RunReport report = distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe));

    assertThat(report.results().evaluations())
        .extracting(Evaluation::name)
        .containsExactly("routed", "english", "german", "student", "student int8");
    assertThat(accuracy(report, "routed")).isGreaterThan(0.9);
  }

  @Test
  void anExampleThatNamesNobodyIsAnErrorInTheData() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    for (String file : List.of("train.csv", "test.csv")) {
      addLanguages(root.resolve(file));
    }
    Files.writeString(
        root.resolve("test.csv"),
        Files.readString(root.resolve("test.csv")).replaceFirst(",de\n", ",fr\n"));

    assertThatThrownBy(() -> CheckedData.read(routed(tiny, "{en: english, de: german}"), root))
        .isInstanceOf(DataException.class)
        .hasMessage(
            root.resolve("test.csv")
                + ":3: error: test: language is 'fr', which leads to no teacher; combine.routes"
                + " has [en, de]");
  }

  @Test
  void anotherTeacherCostsItsOwnTrainingAndPassOnly() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    String first = tiny.model("model") + ", seed: 1";
    String second = tiny.model("model") + ", seed: 2";
    Phases before = new Phases();
    Phases after = new Phases();

    int two = label(tiny, tiny.several(List.of(first, second)), before);
    int three =
        label(tiny, tiny.several(List.of(first, second, tiny.model("model") + ", seed: 3")), after);

    assertThat(before.trained).containsExactly("teacher-1", "teacher-2");
    assertThat(after.trained).containsExactly("teacher-3");
    assertThat(two).isPositive().isLessThanOrEqualTo(2 * TRAINING_AND_VALIDATION);
    assertThat(three * 2).isEqualTo(two * 3);
  }

  @Test
  void aMixtureHasNoLogitsToCompare() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe =
        tiny.several(
            List.of(tiny.model("model") + ", seed: 1", tiny.model("model")),
            "teachers[1].maxLength=999",
            "objective=[{use: logit-mse}]");

    assertThatThrownBy(() -> label(tiny, recipe, new Phases()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "objective[0]: logit-mse compares logits, but a mixture of teachers has none;"
                + " set `combine: logit-average`")
        .hasMessageContaining("teachers[1].maxLength: 999 tokens do not fit");
  }

  @Test
  void aTeacherWithOtherLabelsIsRefusedBeforeAnyIsTrained() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    tiny.copyModel("classifier", "bert");
    Recipe recipe = tiny.several(List.of(tiny.model("model"), tiny.model("classifier")));
    Phases phases = new Phases();

    assertThatThrownBy(() -> label(tiny, recipe, phases))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "teachers[1]: the model's labels are not those of the data: [negative, neutral,"
                + " positive] only the model has, [bad, good, slow] only the data");
    assertThat(phases.trained).isEmpty();
  }

  private Recipe routed(TinyRun tiny, String routes, String... more) throws IOException {
    List<String> overrides =
        List.of(
            "combine={use: routing, column: language, routes: %s}".formatted(routes),
            "baseline=false",
            "train.epochs=2",
            "student={from: '%s', layers: [0]}".formatted(root.resolve("other")));
    return tiny.several(
        List.of(tiny.model("model") + ", name: english", tiny.model("other") + ", name: german"),
        Stream.concat(overrides.stream(), Stream.of(more)).toArray(String[]::new));
  }

  /// English and German by turns.
  private static void addLanguages(Path csv) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    StringBuilder out = new StringBuilder(lines.getFirst() + ",language\n");
    for (int i = 1; i < lines.size(); i++) {
      out.append(lines.get(i)).append(i % 2 == 0 ? ",de\n" : ",en\n");
    }
    Files.writeString(csv, out);
  }

  private int label(TinyRun tiny, Recipe recipe, RunListener listener) throws IOException {
    return new Distillation(tiny.context(listener, new StopSwitch())).label(recipe, root);
  }

  private RunReport distill(TinyRun tiny, Recipe recipe, RunFolder folder) throws IOException {
    return new Distillation(tiny.context(new Phases(), new StopSwitch()))
        .distill(recipe, root, folder);
  }

  private static Evaluation evaluation(RunReport report, String name) {
    return report.results().evaluations().stream()
        .filter(evaluation -> evaluation.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double accuracy(RunReport report, String name) {
    return evaluation(report, name).measurement(Metric.ACCURACY).orElseThrow().value();
  }

  /// Remembers which phases trained.
  private static final class Phases implements RunListener {
    final Set<String> trained = new LinkedHashSet<>();

    @Override
    public void stepEnded(StepReport report) {
      trained.add(report.phase());
    }
  }
}
