package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataSettings;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import dev.retort.export.OnnxPrecision;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.runtime.Classifier;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillationTest {

  @TempDir Path root;

  @Test
  void aRunGoesFromRecipeToReport() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = tiny.recipe();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = distill(tiny, recipe, folder, new Steps());

    assertThat(report.results().evaluations())
        .extracting(Evaluation::name)
        .containsExactly("teacher", "student", "baseline", "student int8");
    assertThat(report.results().measurement(Kind.TEACHER, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.9);
    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.9);
    assertThat(report.verdicts().get(0)).isInstanceOf(Verdict.Met.class);
    assertThat(report.verdicts().get(1)).isInstanceOf(Verdict.Met.class);
    assertThat(report.verdicts().get(2)).isNotInstanceOf(Verdict.Met.class);
    for (Kind kind : List.of(Kind.TEACHER, Kind.STUDENT, Kind.COMPRESSED)) {
      Evaluation evaluation = report.results().first(kind).orElseThrow();
      assertThat(evaluation.measurements())
          .containsKeys(
              Metric.P50_LATENCY_MS, Metric.P99_LATENCY_MS, Metric.THROUGHPUT, Metric.SIZE_MB);
    }
    assertThat(report.results().first(Kind.STUDENT).orElseThrow().measurements())
        .containsKeys(Metric.COST_PER_1000, Metric.BREAK_EVEN_REQUESTS, Metric.PARAMETERS);
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(folder.reportHtml()).content().contains("tiny").contains("baseline");
    assertThat(folder.student().resolve("README.md")).exists();
    assertThat(folder.root().resolve("metrics.jsonl")).isNotEmptyFile();
    try (Classifier student = Classifier.open(folder.onnx())) {
      assertThat(student.classify("the movie was very good").label()).isEqualTo("good");
    }
  }

  @Test
  void aStudentLearnsWhatItsTeacherComputesInside() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe =
        tiny.recipe(
            "baseline=false",
            "train.epochs=4",
            "objective=[{use: hidden-mse, pairs: [{student: 0, teacher: 1}], weight: 0.1},"
                + " {use: attention-mse, map: last, weight: 0.1},"
                + " {use: minilm-relations, relationHeads: 2}, {use: relational-distance},"
                + " {use: jensen-shannon, beta: 0.3, temperature: 2}]");

    RunReport report =
        distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe), new Steps());

    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
    assertThat(report.run().provenance().recipe()).contains("teacher: 1").contains("map: last");
  }

  @Test
  void modelsThatCannotBeComparedAreNamedBeforeAnythingIsTrained() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe =
        tiny.recipe(
            "objective=[{use: hidden-mse, pairs: [{student: 3, teacher: 9}]}, {use: patient-kd}]");

    assertThatThrownBy(() ->
            distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe), new Steps()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("objective[0]: pairs: layer 3 of the student does not exist")
        .hasMessageContaining("objective[0]: pairs: layer 9 of the teacher does not exist")
        .hasMessageContaining("objective[1]: patient-kd leaves out the last layer");
  }

  @Test
  void laterRunsFindTheTeacherReady() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = tiny.recipe("baseline=false", "train.epochs=1");
    Steps first = new Steps();
    Steps second = new Steps();

    distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe), first);
    distill(tiny, recipe, RunFolder.create(root.resolve("runs"), recipe), second);

    assertThat(first.phases).contains("teacher").contains("student");
    assertThat(second.phases).doesNotContain("teacher").contains("student");
  }

  @Test
  void anInterruptedRunIsTakenUpWhereItStopped() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = tiny.recipe();
    RunFolder straight = RunFolder.create(root.resolve("straight"), recipe);
    distill(tiny, recipe, straight, new Steps());

    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    StopSwitch stop = new StopSwitch();
    Steps interrupting =
        new Steps() {
          @Override
          public void stepEnded(StepReport report) {
            super.stepEnded(report);
            if (report.phase().equals("student") && report.step() == 13) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    assertThatThrownBy(
            () -> new Distillation(tiny.context(interrupting, stop)).distill(recipe, root, folder))
        .isInstanceOf(RunInterruptedException.class)
        .hasMessageContaining("checkpoint");
    assertThat(RunFolder.unfinished(root.resolve("runs"), recipe)).contains(folder);

    Steps resumed = new Steps();
    distill(tiny, recipe, folder, resumed);

    assertThat(resumed.firstStep).isEqualTo(14);
    assertThat(folder.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(straight.student().resolve("model.safetensors"));
    assertThat(RunFolder.unfinished(root.resolve("runs"), recipe)).isEmpty();
  }

  @Test
  void finishedRunsCanBeExportedAndEvaluatedAgain() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = tiny.recipe("baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    RunReport report = distill(tiny, recipe, folder, new Steps());

    Path exported = root.resolve("again");
    new Exporting(folder).onnx(exported, EnumSet.of(OnnxPrecision.FP32));
    DataSettings data = TinyRun.only("test.csv", Optional.empty(), Optional.of("label"));
    List<Evaluation> evaluations = new Evaluating(data, root).evaluate(exported);

    assertThat(evaluations).hasSize(1);
    assertThat(evaluations.getFirst().measurement(Metric.ACCURACY))
        .isEqualTo(report.results().measurement(Kind.STUDENT, Metric.ACCURACY));
  }

  @Test
  void aRecipeThatDoesNotFitItsTeacherIsRefusedWithAllReasons() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = tiny.recipe("student.layers=[0, 5]", "teacher.maxLength=99");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    assertThatThrownBy(() -> distill(tiny, recipe, folder, new Steps()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("student.layers[1]: layer 5 does not exist")
        .hasMessageContaining("teacher.maxLength: 99 tokens do not fit");
  }

  private RunReport distill(TinyRun tiny, Recipe recipe, RunFolder folder, RunListener listener)
      throws IOException {
    return new Distillation(tiny.context(listener, new StopSwitch())).distill(recipe, root, folder);
  }

  private static class Steps implements RunListener {
    final List<String> phases = new ArrayList<>();
    long firstStep;

    @Override
    public void stepEnded(StepReport report) {
      if (!phases.contains(report.phase())) {
        phases.add(report.phase());
      }
      if (report.phase().equals("student") && firstStep == 0) {
        firstStep = report.step();
      }
    }
  }
}
