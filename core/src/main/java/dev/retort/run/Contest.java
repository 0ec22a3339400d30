package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.eval.Predictions;
import dev.retort.hub.Progress;
import dev.retort.model.Network;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.teacher.Teacher;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A contest of student and baseline over several seeds under the same teachers: what a claim about
/// a method rests on, where a single run could be luck.
///
/// @param recipe what is contested
/// @param recipeFolder where its relative paths start
/// @param models where models come from
/// @param workspace where teachers and their answers are kept
/// @param apis how teachers behind APIs are reached
public record Contest(
    Recipe recipe, Path recipeFolder, Models models, Workspace workspace, Apis apis) {

  /// A contest under local teachers.
  public Contest(Recipe recipe, Path recipeFolder, Models models, Workspace workspace) {
    this(recipe, recipeFolder, models, workspace, Apis.NONE);
  }

  /// What one seed gave.
  ///
  /// @param seed of the student and the baseline
  /// @param student what the student said about the test rows
  /// @param baseline what the baseline said about them
  public record Round(long seed, Predictions student, Predictions baseline) {}

  /// All that a contest gave.
  ///
  /// @param teacher what the teacher said about the test rows
  /// @param rounds one for each seed
  public record Outcome(Predictions teacher, List<Round> rounds) {

    public Outcome {
      rounds = List.copyOf(rounds);
    }
  }

  /// Runs all seeds; `listener` hears of every training step.
  public Outcome run(List<Long> seeds, TrainListener listener, Path folder) throws IOException {
    Plan plan = models.plan(recipe, Progress.none());
    RunContext context =
        new RunContext(models, workspace, new RunListener() {}, new StopSwitch(), apis);
    RemoteAnswers remote =
        RemoteAnswers.ask(
            context,
            recipe,
            new AugmentPhase(plan, workspace, context.listener())
                .apply(CheckedData.read(plan, recipeFolder)));
    CheckedData checked = remote.data();
    PhaseRunner runner = new PhaseRunner(List.of(listener), new StopSwitch());
    Readings readings = Readings.of(plan, checked);
    RunData data = readings.student();
    TeacherPhase teaching =
        new TeacherPhase(recipe, workspace, runner, context.listener(), remote.said());
    try (Faculty faculty = Faculty.gather(plan, readings, teaching);
        Answers answers = Answers.open(plan, faculty, workspace)) {
      answers.ask(RunData::train, new RunListener() {});
      answers.ask(RunData::validation, new RunListener() {});
      answers.ask(RunData::test, new RunListener() {});
      Teacher<TextBatch> teacher = answers.together();
      double teacherAccuracy = Scoring.accuracy(teacher, data.validation());
      List<Round> rounds = new ArrayList<>();
      for (long seed : seeds) {
        StudentPhase phase = new StudentPhase(plan.withSeed(seed), data, faculty.main().weights());
        StudentStages<TextBatch> stages =
            phase.stages(
                teacher,
                precision -> Scoring.retention(data.validation(), precision, teacherAccuracy),
                runner);
        rounds.add(
            new Round(
                seed,
                student(phase, stages, name -> folder.resolve(name + "-" + seed)),
                baseline(phase, runner, folder.resolve("baseline-" + seed))));
      }
      return new Outcome(Scoring.predictions(teacher, data.test()), rounds);
    }
  }

  private static Predictions student(
      StudentPhase phase, StudentStages<TextBatch> stages, Function<String, Path> folders)
      throws IOException {
    try (Network<TextBatch> student = phase.student()) {
      stages.run(student, folders);
      return Measuring.predictions(student, phase.data().test());
    }
  }

  private static Predictions baseline(StudentPhase phase, PhaseRunner runner, Path folder)
      throws IOException {
    try (Network<TextBatch> baseline = phase.baseline()) {
      runner.run(phase.alone(baseline), folder);
      return Measuring.predictions(baseline, phase.data().test());
    }
  }
}
