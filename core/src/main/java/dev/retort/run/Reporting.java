package dev.retort.run;

import dev.retort.data.Example;
import dev.retort.data.TextBatch;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.PairedOutcomes;
import dev.retort.eval.Predictions;
import dev.retort.eval.Verdict;
import dev.retort.export.CardKind;
import dev.retort.export.ParityReport;
import dev.retort.model.Network;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.model.table.StaticStudent;
import dev.retort.recipe.ExportFormat;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Stage;
import dev.retort.report.Disagreement;
import dev.retort.report.LearningCurve;
import dev.retort.report.Results;
import dev.retort.report.RunReport;
import dev.retort.teacher.Teacher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The second half of a run: export the student, measure all models, judge, and put the report
/// together.
///
/// @param context what the run needs from outside
/// @param plan what was asked for
/// @param data the run's data
/// @param folder where the run leaves its files
/// @param clock how long everything took
record Reporting(RunContext context, Plan plan, RunData data, RunFolder folder, Clock clock) {

  private static final int DISAGREEMENTS = 12;

  /// Texts that an exported file must answer as the student does.
  private static final int PARITY_TEXTS = 256;

  /// What exported students are measured with and compared to.
  private record Bench(
      Measuring measuring,
      Asked teacher,
      Network<TextBatch> student,
      TeacherCost cost,
      double hours) {}

  RunReport report(Answers answers, Distillation.Trained trained, Instant started)
      throws IOException {
    Bootstrap bootstrap = Bootstrap.ofSeed(plan.recipe().train().seed());
    Measuring measuring = new Measuring(data.test().dataset(), bootstrap);
    export(trained.student(), shipping(plan.source(), measuring));
    Faculty faculty = answers.faculty();
    double hours = trainingHours(faculty, trained);

    phase("measuring the teacher");
    Teacher<TextBatch> heard = answers.together();
    TeacherMeasuring teachers =
        new TeacherMeasuring(answers, heard, measuring, measuring.samples(PARITY_TEXTS));
    List<Asked> asked =
        new ArrayList<>(clock.time("evaluation", () -> teachers.all(context.listener())));
    Asked teaching = asked.getFirst();
    phase("measuring the student");
    Bench bench = new Bench(measuring, teaching, trained.student(), cost(teaching), hours);
    List<Deliverable> deliverables = Deliverable.of(plan, folder);
    asked.add(exported(deliverables.getFirst(), bench));
    trained.baseline().ifPresent(model -> asked.add(baseline(model, measuring, teaching)));
    for (Deliverable other : deliverables.subList(1, deliverables.size())) {
      asked.add(exported(other, bench));
    }
    return conclude(results(asked, bootstrap), faculty, heard.fingerprint(), trained, started);
  }

  private TeacherCost cost(Asked teacher) throws IOException {
    PaidTeachers teachers = new PaidTeachers(context, plan.recipe());
    return teachers.names().isEmpty()
        ? TeacherCost.NONE
        : new TeacherCost(
            teacher.evaluation().measurement(Metric.COST_PER_1000),
            teachers.paying().paid().amount().doubleValue());
  }

  /// Judges what was measured, writes the model card and puts the report together.
  ///
  /// @param fingerprint hash of all that the teachers together answer from
  RunReport conclude(
      Results results,
      Faculty faculty,
      String fingerprint,
      Distillation.Trained trained,
      Instant started)
      throws IOException {
    List<Verdict> verdicts = judge(plan.recipe(), results);
    CardWriter cards = new CardWriter(plan.recipe(), CardWriter.teachers(faculty), data);
    switch (trained.student()) {
      case StaticStudent table ->
          cards.write(
              results, CardKind.ofStatic(!table.labels().isEmpty()), folder.staticStudent());
      case TextClassifier student ->
          cards.write(results, CardKind.of(student.head()), folder.student());
      default -> throw new IllegalStateException("no card for " + trained.student().getClass());
    }
    return new ReportBuilder(context, plan.recipe(), data, folder)
        .build(
            results,
            verdicts,
            new ReportBuilder.Made(fingerprint, curves(faculty, trained), clock.phases(), started));
  }

  private List<LearningCurve> curves(Faculty faculty, Distillation.Trained trained) {
    List<LearningCurve> curves = new ArrayList<>();
    Optional<Metric> accuracy = Optional.of(Metric.ACCURACY);
    for (ReadyTeacher teacher : faculty.teachers()) {
      List<TrainedPhase> generations = teacher.fineTuning();
      for (int i = 0; i < generations.size(); i++) {
        String name = teacher.name() + (i == 0 ? " fine-tuning" : " generation " + (i + 1));
        curves.add(ReportBuilder.curve(name, Kind.TEACHER, generations.get(i), accuracy));
      }
    }
    curves.addAll(ofStudent(trained.taught()));
    trained
        .alone()
        .map(phase -> ReportBuilder.curve("baseline", Kind.BASELINE, phase, accuracy))
        .ifPresent(curves::add);
    return curves;
  }

  /// One curve for each stage. A stage that leaves the answers as they were is scored by its loss,
  /// which is no metric of them.
  private List<LearningCurve> ofStudent(List<TrainedPhase> stages) {
    List<LearningCurve> curves = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = plan.recipe().training().get(i);
      curves.add(
          ReportBuilder.curve(
              StudentStages.title(plan.recipe(), i),
              Kind.STUDENT,
              stages.get(i),
              Optional.of(Metric.RETENTION).filter(_ -> plan.recipe().changesAnswers(stage))));
    }
    return curves;
  }

  private void phase(String name) {
    context.listener().phaseStarted(name, 0, "");
  }

  /// Writes models with the tokenizer of `reader`, whose files must answer some of the test data as
  /// the models do.
  Shipping shipping(Pretrained reader, Measuring measuring) {
    return new Shipping(
        reader, plan.recipe().mainTeacher().maxLength(), measuring.samples(PARITY_TEXTS));
  }

  /// Exports the student in the formats of the recipe.
  void export(Network<TextBatch> student, Shipping shipping) throws IOException {
    phase("exporting");
    List<ParityReport> parity = clock.time("export", () -> ship(student, shipping));
    parity.forEach(report -> context.listener().phaseEnded(report.file(), parity(report)));
  }

  private List<ParityReport> ship(Network<TextBatch> student, Shipping shipping)
      throws IOException {
    if (student instanceof StaticStudent table) {
      return List.of(shipping.table(table, folder.staticStudent()));
    }
    TextClassifier encoder = (TextClassifier) student;
    shipping.huggingFace(encoder, folder.student());
    return shipping.onnx(encoder, folder.onnx(), Shipping.precisions(plan.recipe().export()));
  }

  private static String parity(ParityReport report) {
    return String.format(
        Locale.ROOT,
        "agrees with the student on %.1f %% of %d texts, largest difference of a logit %.2g",
        100 * report.agreement(),
        report.samples(),
        report.maxDifference());
  }

  private Asked exported(Deliverable model, Bench bench) throws IOException {
    return clock.time(
        "evaluation",
        () -> {
          Measuring measuring = bench.measuring();
          Predictions predictions = measuring.predictions(model.folder(), model.file());
          Evaluation quality =
              measuring.quality(
                  model.name(),
                  model.kind(),
                  predictions,
                  Optional.of(bench.teacher().predictions()));
          Evaluation served =
              measuring
                  .serving(quality, model.folder(), model.file())
                  .with(Measuring.parameters(bench.student()));
          return new Asked(
              Measuring.cost(served, plan.recipe().cost(), bench.cost(), bench.hours()),
              predictions);
        });
  }

  private Asked baseline(Network<TextBatch> model, Measuring measuring, Asked teacher) {
    Predictions predictions = Measuring.predictions(model, data.test());
    return new Asked(
        measuring
            .quality("baseline", Kind.BASELINE, predictions, Optional.of(teacher.predictions()))
            .with(Measuring.parameters(model)),
        predictions);
  }

  private Results results(List<Asked> asked, Bootstrap bootstrap) {
    Asked teacher = asked.getFirst();
    Asked student = asked.stream().filter(Reporting::isStudent).findFirst().orElseThrow();
    List<Comparison> comparisons =
        asked.stream()
            .skip(1L + asked.indexOf(student))
            .map(other ->
                new Comparison(
                    student.evaluation().name(),
                    other.evaluation().name(),
                    Metric.ACCURACY,
                    PairedOutcomes.of(student.predictions(), other.predictions())
                        .accuracyDifference(bootstrap)))
            .toList();
    Disagreement.Rows rows =
        new Disagreement.Rows(
            data.test().dataset().examples().stream().map(Reporting::text).toList(), data.labels());
    return new Results(
        asked.stream().map(Asked::evaluation).toList(),
        comparisons,
        Disagreement.worst(rows, teacher.predictions(), student.predictions(), DISAGREEMENTS));
  }

  private static boolean isStudent(Asked asked) {
    return asked.evaluation().kind() == Kind.STUDENT;
  }

  private static String text(Example example) {
    return example.pair().map(second -> example.text() + " ⟷ " + second).orElse(example.text());
  }

  /// Judges the file that the recipe means to deploy.
  static List<Verdict> judge(Recipe recipe, Results results) {
    boolean isStatic = recipe.student().tableIfStatic().isPresent();
    Kind deployed =
        recipe.deploys(ExportFormat.ONNX_INT8) && !isStatic ? Kind.COMPRESSED : Kind.STUDENT;
    Map<Metric, Measured> measurements =
        results.first(deployed).map(Evaluation::measurements).orElse(Map.of());
    return recipe.requirements().stream()
        .map(requirement -> requirement.judge(measurements))
        .toList();
  }

  static double trainingHours(Faculty faculty, Distillation.Trained trained) {
    double seconds =
        trained.taught().stream().mapToDouble(TrainedPhase::seconds).sum()
            + faculty.fineTuningSeconds();
    return seconds / Duration.ofHours(1).toSeconds();
  }
}
