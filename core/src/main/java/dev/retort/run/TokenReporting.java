package dev.retort.run;

import dev.retort.data.Batch;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.PairedOutcomes;
import dev.retort.eval.Predictions;
import dev.retort.eval.TokenMetrics;
import dev.retort.eval.Verdict;
import dev.retort.model.Network;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.report.LearningCurve;
import dev.retort.report.Results;
import dev.retort.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The second half of a run whose models find tokens: export the student, ask all models for the
/// same tokens of the test data, judge, and put the report together.
///
/// @param <B> what is computed together
/// @param context what the run needs from outside
/// @param lesson what was asked for, the data and the teacher
/// @param folder where the run leaves its files
/// @param clock how long everything took
record TokenReporting<B extends Batch>(
    RunContext context, TokenLesson<B> lesson, RunFolder folder, Clock clock) {

  /// A model that was asked for the tokens of the test data.
  private record Asked(Evaluation evaluation, Predictions predictions) {}

  RunReport report(TokenStudents<B> trained, Instant started) throws IOException {
    announce("exporting");
    clock.time("export", () -> export(trained.student()));
    Bootstrap bootstrap = Bootstrap.ofSeed(recipe().train().seed());
    List<Asked> asked = clock.time("evaluation", () -> ask(trained, bootstrap));
    Results tokens =
        new Results(
            asked.stream().map(Asked::evaluation).toList(),
            comparisons(asked, bootstrap),
            List.of());
    Results results =
        clock.time(
            "evaluation",
            () -> lesson.further(tokens, trained, folder.student(), context.listener()));
    List<Verdict> verdicts = Reporting.judge(recipe(), results);
    new CardWriter(recipe(), described(), lesson.texts())
        .write(results, lesson.kind(), folder.student());
    return new ReportBuilder(context, recipe(), lesson.texts(), folder)
        .build(
            results,
            verdicts,
            new ReportBuilder.Made(lesson.fingerprint(), curves(trained), clock.phases(), started));
  }

  private Path export(Network<B> student) throws IOException {
    lesson.export(student, folder);
    return folder.student();
  }

  private List<Asked> ask(TokenStudents<B> trained, Bootstrap bootstrap) throws IOException {
    List<Asked> asked = new ArrayList<>();
    announce("measuring the teacher");
    Predictions teacher = askTeachers(asked, bootstrap);
    announce("measuring the student");
    Asked student = compared("student", Kind.STUDENT, trained.student(), teacher, bootstrap);
    asked.add(
        new Asked(
            student
                .evaluation()
                .with(Metric.SIZE_MB, Measured.exactly(TokenAnswers.megabytes(folder.student()))),
            student.predictions()));
    if (trained.baseline().isPresent()) {
      Network<B> baseline = trained.baseline().get();
      asked.add(compared("baseline", Kind.BASELINE, baseline, teacher, bootstrap));
    }
    return asked;
  }

  /// What the student is compared with. Each of several teachers is compared with it, too.
  private Predictions askTeachers(List<Asked> asked, Bootstrap bootstrap) throws IOException {
    List<TokenLesson.Heard> teachers = lesson.ofTeachers();
    Predictions together = teachers.getFirst().predictions();
    for (TokenLesson.Heard teacher : teachers) {
      Evaluation evaluation =
          evaluation(teacher.name(), Kind.TEACHER, teacher.predictions(), bootstrap)
              .with(teacher.size());
      asked.add(
          new Asked(
              asked.isEmpty()
                  ? evaluation
                  : evaluation.with(
                      PairedOutcomes.of(teacher.predictions(), together).measurements(bootstrap)),
              teacher.predictions()));
    }
    return together;
  }

  private Asked compared(
      String name, Kind kind, Network<B> model, Predictions teacher, Bootstrap bootstrap)
      throws IOException {
    Predictions predictions = lesson.predictions(model);
    Evaluation evaluation =
        evaluation(name, kind, predictions, bootstrap).with(Measuring.parameters(model));
    return new Asked(
        lesson.sharesTokens()
            ? evaluation.with(PairedOutcomes.of(predictions, teacher).measurements(bootstrap))
            : evaluation,
        predictions);
  }

  private Evaluation evaluation(
      String name, Kind kind, Predictions predictions, Bootstrap bootstrap) throws IOException {
    return Evaluation.of(name, kind)
        .with(TokenMetrics.measurements(predictions, bootstrap))
        .with(lesson.ofTexts(kind, predictions, bootstrap));
  }

  private static List<Comparison> comparisons(List<Asked> asked, Bootstrap bootstrap) {
    List<Asked> learners =
        asked.stream().filter(some -> some.evaluation().kind() != Kind.TEACHER).toList();
    Asked student = learners.getFirst();
    return learners.stream()
        .skip(1)
        .map(other ->
            new Comparison(
                student.evaluation().name(),
                other.evaluation().name(),
                Metric.ACCURACY,
                PairedOutcomes.of(student.predictions(), other.predictions())
                    .accuracyDifference(bootstrap)))
        .toList();
  }

  private String described() {
    if (!recipe().isTaught()) {
      return "none; it learnt from its data alone";
    }
    return recipe().lineup().teachers().values().stream()
            .map(TeacherSettings::model)
            .collect(Collectors.joining(", "))
        + " "
        + lesson.fingerprint().substring(0, 12);
  }

  private List<LearningCurve> curves(TokenStudents<B> trained) {
    List<LearningCurve> curves = new ArrayList<>();
    for (int stage = 0; stage < trained.taught().size(); stage++) {
      curves.add(
          ReportBuilder.curve(
              StudentStages.title(recipe(), stage),
              Kind.STUDENT,
              trained.taught().get(stage),
              Optional.of(Metric.ACCURACY)));
    }
    trained
        .alone()
        .map(phase ->
            ReportBuilder.curve("baseline", Kind.BASELINE, phase, Optional.of(Metric.ACCURACY)))
        .ifPresent(curves::add);
    return curves;
  }

  private Recipe recipe() {
    return lesson.recipe();
  }

  private void announce(String name) {
    context.listener().phaseStarted(name, 0, "");
  }
}
