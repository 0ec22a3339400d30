package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.eval.Similarities;
import dev.retort.model.Network;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Plan;
import dev.retort.report.Results;
import dev.retort.report.RunReport;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The second half of a run of the task `embedding`: export the student, measure all models on
/// scored pairs, judge, and put the report together.
///
/// @param context what the run needs from outside
/// @param plan what was asked for
/// @param data the run's data
/// @param folder where the run leaves its files
/// @param clock how long everything took
record EmbeddingReporting(
    RunContext context, Plan plan, EmbeddingDistillation.Data data, RunFolder folder, Clock clock) {

  /// A model that was asked about the test pairs.
  private record Asked(Evaluation evaluation, Similarities similarities) {}

  RunReport report(Faculty faculty, Distillation.Trained trained, Instant started)
      throws IOException {
    ReadyTeacher teacher = faculty.main();
    Reporting reporting = new Reporting(context, plan, data.data(), folder, clock);
    Bootstrap bootstrap = Bootstrap.ofSeed(plan.recipe().train().seed());
    Measuring measuring = new Measuring(data.test().texts(), bootstrap);
    reporting.export(trained.student(), reporting.shipping(plan.source(), measuring));
    Shipping shipping = reporting.shipping(plan.teacher(), measuring);
    double hours = Reporting.trainingHours(faculty, trained);
    List<Asked> asked = new ArrayList<>();
    asked.add(clock.time("evaluation", () -> teacher(teacher, measuring, shipping)));
    List<Deliverable> deliverables = Deliverable.of(plan, folder);
    asked.add(exported(deliverables.getFirst(), trained, measuring, hours));
    trained.baseline().ifPresent(model -> asked.add(baseline(model, bootstrap)));
    for (Deliverable other : deliverables.subList(1, deliverables.size())) {
      asked.add(exported(other, trained, measuring, hours));
    }
    return reporting.conclude(
        results(asked, bootstrap), faculty, teacher.fingerprint(), trained, started);
  }

  private Asked teacher(ReadyTeacher teacher, Measuring measuring, Shipping shipping)
      throws IOException {
    TextClassifier model = teacher.weights().orElseThrow();
    Similarities said = said(model, teacher.data().test());
    Evaluation quality =
        Evaluation.of("teacher", Kind.TEACHER)
            .with(said.measurements(measuring.bootstrap()))
            .with(Measuring.parameters(model));
    return new Asked(measuring.serving(quality, model, shipping), said);
  }

  private Asked exported(
      Deliverable model, Distillation.Trained trained, Measuring measuring, double hours)
      throws IOException {
    return clock.time(
        "evaluation",
        () -> {
          Similarities said =
              Similarities.of(
                  measuring.vectors(model.folder(), model.file()), data.test().scores());
          Evaluation quality =
              Evaluation.of(model.name(), model.kind())
                  .with(said.measurements(measuring.bootstrap()))
                  .with(Measuring.parameters(trained.student()));
          Evaluation served = measuring.serving(quality, model.folder(), model.file());
          return new Asked(
              Measuring.cost(served, plan.recipe().cost(), TeacherCost.NONE, hours), said);
        });
  }

  private Asked baseline(Network<TextBatch> model, Bootstrap bootstrap) {
    Similarities said = said(model, data.data().test());
    return new Asked(
        Evaluation.of("baseline", Kind.BASELINE)
            .with(said.measurements(bootstrap))
            .with(Measuring.parameters(model)),
        said);
  }

  private Similarities said(Network<TextBatch> model, TokenizedDataset texts) {
    return EmbeddingDistillation.similarities(model, texts, data.test().scores());
  }

  /// All models measured against the teacher, and all others against the student.
  private static Results results(List<Asked> asked, Bootstrap bootstrap) {
    Similarities teacher = asked.getFirst().similarities();
    Asked student = asked.get(1);
    List<Evaluation> evaluations = new ArrayList<>(List.of(asked.getFirst().evaluation()));
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 1; i < asked.size(); i++) {
      Asked other = asked.get(i);
      evaluations.add(other.evaluation().with(other.similarities().against(teacher, bootstrap)));
      if (i > 1) {
        comparisons.add(
            new Comparison(
                student.evaluation().name(),
                other.evaluation().name(),
                Metric.SPEARMAN,
                student.similarities().difference(other.similarities(), bootstrap)));
      }
    }
    return new Results(evaluations, comparisons, List.of());
  }
}
