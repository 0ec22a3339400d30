package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataException;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.DataSummary;
import dev.retort.report.LearningCurve;
import dev.retort.report.RunReport;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainProgress;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The recipes of several stages, of further texts and of students that teach themselves, run
/// small.
class StagedRunTest {

  @TempDir Path root;

  /// TinyBERT's stages, killed in the middle of each, on texts of which some have no label.
  @Test
  void tinyBertGoesOnInTheMiddleOfAnyStage() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Files.writeString(
        root.resolve("more.txt"), "a good day\na bad day\nthe slow book\na good day\n");
    Recipe recipe =
        small(
            "tinybert",
            "student.layers=[1]",
            "data.unlabelled=more.txt",
            "stages[0].train.epochs=3",
            "stages[1].train={epochs: 5, learningRate: 5e-3}");
    RunFolder straight = RunFolder.create(root.resolve("straight"), recipe);
    Watch whole = new Watch();
    RunReport report = distill(tiny, recipe, straight, whole);

    assertThat(whole.steps.keySet())
        .containsExactly("teacher", "student-1-intermediate", "student-2-prediction", "baseline");
    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
    assertThat(report.curves())
        .extracting(LearningCurve::phase)
        .contains("student, intermediate", "student, prediction");
    assertThat(curve(report, "student, intermediate").validation()).isEmpty();
    assertThat(curve(report, "student, intermediate").loss()).isNotEmpty();
    assertThat(curve(report, "student, prediction").validation().orElseThrow().metric())
        .isEqualTo(Metric.RETENTION);
    assertThat(straight.student().resolve("README.md"))
        .content()
        .contains(", then 1.0 × ForwardKl");

    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    interrupt(tiny, recipe, folder, "student-1-intermediate", 7);
    Watch second = interrupt(tiny, recipe, folder, "student-2-prediction", 9);
    Watch third = new Watch();
    distill(tiny, recipe, folder, third);

    assertThat(second.begin).containsEntry("student-1-intermediate", 7L);
    assertThat(third.begin)
        .doesNotContainKey("student-1-intermediate")
        .containsEntry("student-2-prediction", 9L);
    assertThat(folder.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(straight.student().resolve("model.safetensors"));
  }

  @Test
  void aStageMayLearnFromTextsOfItsOwn() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    List<String> test = texts("test.csv");
    Files.write(
        root.resolve("general.txt"),
        Stream.concat(texts("train.csv").stream().limit(200), test.stream()).toList());
    Recipe recipe =
        tiny.recipe(
            "baseline=false",
            "stages=[{name: general, data: general.txt, train: {epochs: 2}, objective: [hidden-mse]},"
                + " {name: task, objective: [forward-kl, deep-to-shallow], train: {epochs: 4}}]",
            "student.layers=[0, 1]");
    Watch watch = new Watch();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    RunReport report = distill(tiny, recipe, folder, watch);

    List<DataSummary.Split> splits = report.run().data().splits();
    assertThat(splits)
        .extracting(DataSummary.Split::name)
        .containsExactly("train", "validation", "test", "general");
    assertThat(splits.getLast().rows()).isLessThanOrEqualTo(200);
    assertThat(report.run().data().warnings())
        .anyMatch(line -> line.contains("general:") && line.contains("also in test; dropped"));
    assertThat(watch.noted)
        .noneMatch(line -> line.contains("teacher's answers, general"))
        .anyMatch(line -> line.contains("teacher's answers, train"));
    try (SafetensorsFile weights =
        SafetensorsFile.open(PhaseRunner.weights(folder.phase("student-2-task")))) {
      assertThat(weights.names()).noneMatch(name -> name.startsWith("objective."));
    }
  }

  /// The teacher answers about texts without labels; its training and the baseline's see none.
  @Test
  void furtherTextsReachTheStudentAlone() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Path csv = root.resolve("train.csv");
    List<String> rows = Files.readAllLines(csv);
    Files.write(csv, rows.subList(0, 121));
    List<String> others =
        rows.subList(121, rows.size()).stream().map(row -> row.split(",", -1)[0]).toList();
    Files.write(
        root.resolve("more.txt"),
        Stream.concat(others.stream(), texts("test.csv").stream().limit(5)).toList());
    Recipe plain = tiny.recipe("train.epochs=2");
    Recipe more = tiny.recipe("train.epochs=2", "data.unlabelled=more.txt");

    Watch without = new Watch();
    RunReport first = distill(tiny, plain, RunFolder.create(root.resolve("runs"), plain), without);
    Watch with = new Watch();
    RunReport second = distill(tiny, more, RunFolder.create(root.resolve("runs"), more), with);

    assertThat(with.steps).doesNotContainKey("teacher");
    assertThat(with.tokens.get("baseline")).isEqualTo(without.tokens.get("baseline"));
    assertThat(with.tokens.get("student"))
        .isGreaterThan(2 * without.tokens.getOrDefault("student", 0L));
    DataSummary.Split student = second.run().data().splits().getLast();
    assertThat(student.name()).isEqualTo("train and unlabelled");
    assertThat(student.rows())
        .isEqualTo(second.run().data().splits().getFirst().rows() + others.size());
    assertThat(second.run().data().warnings())
        .anyMatch(line -> line.contains("unlabelled: 5 of 245 examples also in test; dropped"));
    assertThat(first.run().data().splits()).hasSize(3);
  }

  @Test
  void aStudentLearnsFromItsOwnAverage() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Files.writeString(root.resolve("more.txt"), "a good day\nthis bad world\n");
    Recipe recipe =
        small(
            "mean-teacher", "student.layers=[0, 1]", "data.unlabelled=more.txt", "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    Watch watch = new Watch();
    RunReport report = distill(tiny, recipe, folder, watch);

    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
    assertThat(watch.terms.get("student")).containsExactly("cross-entropy", "logit-mse, ema");
    assertThat(watch.noted).noneMatch(line -> line.contains("teacher's answers, train"));
  }

  @Test
  void deepLayersTeachShallowOnes() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = small("deep-to-shallow", "student.layers=[0, 1]", "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    Watch watch = new Watch();
    RunReport report = distill(tiny, recipe, folder, watch);

    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
    assertThat(watch.terms.get("student")).contains("deep-to-shallow");
    try (SafetensorsFile weights =
        SafetensorsFile.open(folder.student().resolve("model.safetensors"))) {
      assertThat(weights.names()).noneMatch(name -> name.contains("head.0"));
    }
  }

  /// A second generation learns from the first one's student, which has a head: labels are needed
  /// for the test only.
  @Test
  void aStudentIsBornAgainTwice() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = small("born-again", "student.layers=[0, 1]", "baseline=false");
    RunFolder first = RunFolder.create(root.resolve("first"), recipe);
    distill(tiny, recipe, first, new Watch());
    Files.write(
        root.resolve("bare.csv"),
        Stream.concat(Stream.of("text,label"), texts("train.csv").stream().map(text -> text + ","))
            .toList());
    Recipe again =
        small(
            "born-again",
            "student={from: teacher, layers: [0, 1]}",
            "baseline=false",
            "teacher={model: '%s', maxLength: 24}".formatted(first.student()),
            "data={train: bare.csv, validation: test.csv, test: test.csv, leakage: warn}");

    Watch watch = new Watch();
    RunFolder second = RunFolder.create(root.resolve("second"), again);
    RunReport report = distill(tiny, again, second, watch);

    assertThat(watch.steps.keySet()).containsExactly("student");
    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
    assertThatThrownBy(
            () -> CheckedData.read(tiny.recipe("data.train=bare.csv", "baseline=true"), root))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("set `baseline: false`");
    assertThatThrownBy(() ->
            distill(
                tiny,
                tiny.recipe("data.train=bare.csv", "data.validation=test.csv", "baseline=false"),
                second,
                new Watch()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the teacher has yet to learn the task from labels");
  }

  @Test
  void aTeacherIsBornAgainBeforeItTeaches() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    String fineTune = "epochs: 6, learningRate: 5e-3, precision: fp32";
    Watch plain = new Watch();
    RunReport once = distill(tiny, bornAgain(tiny, fineTune), folder("plain"), plain);
    String twice = fineTune + ", bornAgain: {generations: 2, temperature: 3}";
    Watch first = new Watch();
    RunReport report = distill(tiny, bornAgain(tiny, twice), folder("first"), first);
    Watch second = new Watch();
    distill(tiny, bornAgain(tiny, twice), folder("second"), second);

    assertThat(plain.steps.keySet()).containsExactly("teacher", "student");
    assertThat(first.steps.keySet())
        .containsExactly("teacher-generation-2", "teacher-generation-3", "student");
    assertThat(second.steps.keySet()).containsExactly("student");
    assertThat(report.curves())
        .extracting(LearningCurve::phase)
        .containsExactly(
            "teacher fine-tuning", "teacher generation 2", "teacher generation 3", "student");
    assertThat(report.run().provenance().teacherFingerprint())
        .isNotEqualTo(once.run().provenance().teacherFingerprint());
    assertThat(report.results().measurement(Kind.TEACHER, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
  }

  @Test
  void everyGenerationOfATeacherIsHeldToItsOwnAnswers() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    String fineTune = "epochs: 1, precision: fp32, consistency: 2, bornAgain: {temperature: 3}";
    Watch watch = new Watch();

    distill(tiny, bornAgain(tiny, fineTune), folder("runs"), watch);

    assertThat(watch.terms.get("teacher"))
        .containsExactly("cross-entropy", "forward-kl, dropout", "reverse-kl, dropout");
    assertThat(watch.terms.get("teacher-generation-2"))
        .containsExactly(
            "forward-kl", "cross-entropy", "forward-kl, dropout", "reverse-kl, dropout");
  }

  private Recipe bornAgain(TinyRun tiny, String fineTune) {
    return tiny.recipe("teacher.fineTune={%s}".formatted(fineTune), "baseline=false");
  }

  private RunFolder folder(String name) throws IOException {
    return RunFolder.create(root.resolve(name), new TinyRun(root).recipe());
  }

  @Test
  void whatAStageCannotLearnFromIsRefusedAtOnce() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe =
        tiny.recipe(
            "stages=[{name: one, data: test.csv, objective: [cross-entropy]},"
                + " {name: two, objective: [{use: hidden-mse, pairs: [{student: 3, teacher: 0}]},"
                + " {use: deep-to-shallow, layers: [4]}]},"
                + " {name: three, objective: [{use: logit-mse, from: ema}]}]");

    assertThatThrownBy(() ->
            distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe), new Watch()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("stages[0].objective: cross-entropy needs labels")
        .hasMessageContaining("stages[1].objective[0]: pairs: layer 3 of the student")
        .hasMessageContaining("stages[1].objective[1]: layers: 4 is no layer below")
        .hasMessageContaining("stages[2].objective: every loss compares the student with its own");
  }

  /// A recipe of the folder `recipes`, on the tiny model and data.
  private Recipe small(String name, String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "teacher.model='%s'".formatted(root.resolve("model")),
                "teacher.fineTune={epochs: 12, learningRate: 5e-3, precision: fp32}",
                "teacher.maxLength=24",
                "data={train: train.csv, test: test.csv, validation: 15%}",
                "train={epochs: 8, batchTokens: 400, learningRate: 5e-3, precision: fp32,"
                    + " checkpointEvery: 5}",
                "require={}"));
    overrides.addAll(List.of(more));
    return Recipes.read(Path.of("../recipes/%s.yaml".formatted(name)), overrides);
  }

  private List<String> texts(String csv) throws IOException {
    return Files.readAllLines(root.resolve(csv)).stream()
        .skip(1)
        .map(row -> row.split(",", -1)[0])
        .toList();
  }

  private static LearningCurve curve(RunReport report, String phase) {
    return report.curves().stream()
        .filter(curve -> curve.phase().equals(phase))
        .findFirst()
        .orElseThrow();
  }

  private RunReport distill(TinyRun tiny, Recipe recipe, RunFolder folder, RunListener listener)
      throws IOException {
    return new Distillation(tiny.context(listener, new StopSwitch())).distill(recipe, root, folder);
  }

  /// Runs `recipe` until it is interrupted after this step of this phase.
  private Watch interrupt(TinyRun tiny, Recipe recipe, RunFolder folder, String phase, long step) {
    StopSwitch stop = new StopSwitch();
    Watch watch =
        new Watch() {
          @Override
          public void stepEnded(StepReport report) {
            super.stepEnded(report);
            if (report.phase().equals(phase) && report.step() == step) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    assertThatThrownBy(
            () -> new Distillation(tiny.context(watch, stop)).distill(recipe, root, folder))
        .isInstanceOf(RunInterruptedException.class);
    return watch;
  }

  /// What a run was seen to do.
  private static class Watch implements RunListener {
    final Map<String, Long> begin = new LinkedHashMap<>();
    final Map<String, Long> steps = new LinkedHashMap<>();
    final Map<String, Long> tokens = new LinkedHashMap<>();
    final Map<String, List<String>> terms = new LinkedHashMap<>();
    final List<String> noted = new ArrayList<>();

    @Override
    public void started(TrainProgress progress) {
      begin.put(progress.phase(), progress.step());
    }

    @Override
    public void stepEnded(StepReport report) {
      steps.put(report.phase(), report.step());
      tokens.merge(report.phase(), report.tokens(), Long::sum);
      terms.put(report.phase(), List.copyOf(report.lossByTerm().keySet()));
    }

    @Override
    public void phaseStarted(String phase, long total, String unit) {
      noted.add(phase);
    }
  }
}
