package dev.retort.run;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.report.HtmlReport;
import dev.retort.report.JsonReport;
import dev.retort.report.MarkdownReport;
import dev.retort.report.RunReport;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.StoredTeacher;
import dev.retort.train.MetricsFile;
import dev.retort.train.TensorBoardEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// A whole run: teach the teacher, ask it, train the student and its baseline, export, measure,
/// judge, report. What an interrupted run has done is not done again.
///
/// @param context what the run needs from outside
public record Distillation(RunContext context) {

  /// Runs `recipe`, whose relative paths start at `recipeFolder`, in `folder`.
  ///
  /// @throws RunInterruptedException if the user asked for the end before it was reached
  public RunReport distill(Recipe recipe, Path recipeFolder, RunFolder folder) throws IOException {
    Clock clock = new Clock();
    Instant started = RunRecord.started(folder.provenance()).orElseGet(Instant::now);
    Plan plan = plan(recipe, clock);
    try (MetricsFile metrics = MetricsFile.open(folder.root().resolve("metrics.jsonl"));
        TensorBoardEvents events = TensorBoardEvents.open(folder.root(), InstantSource.system())) {
      PhaseRunner runner =
          new PhaseRunner(List.of(metrics, events, context.listener()), context.stop());
      RunTools tools = new RunTools(runner, clock, started);
      RunReport report =
          switch (recipe.task()) {
            case CLASSIFICATION -> classifier(plan, recipeFolder, folder, tools);
            case EMBEDDING ->
                new EmbeddingDistillation(context).distill(plan, recipeFolder, folder, tools);
          };
      write(report, folder);
      return report;
    }
  }

  private RunReport classifier(Plan plan, Path recipeFolder, RunFolder folder, RunTools tools)
      throws IOException {
    Clock clock = tools.clock();
    CheckedData checked = clock.time("data", () -> CheckedData.read(plan.recipe(), recipeFolder));
    checked.findings().forEach(finding -> context.listener().noted(finding.toString()));
    RunData read = clock.time("data", () -> RunData.ofTeacher(plan, checked));
    RunData data = clock.time("data", () -> RunData.ofStudent(plan, checked, read));
    try (TrainedTeacher teacher = teacher(plan, read, tools.runner(), clock)) {
      RunRecord.of(plan, recipeFolder, data, teacher.fingerprint(), tools.started())
          .write(folder.provenance());
      try (Trained trained = train(plan, data, teacher, folder, tools)) {
        return new Reporting(context, plan, data, folder, clock)
            .report(teacher, trained, tools.started());
      }
    }
  }

  /// Asks the teacher about all training and validation texts, so that a later [#distill] need not.
  /// Returns how many answers the store holds.
  public int label(Recipe recipe, Path recipeFolder) throws IOException {
    Clock clock = new Clock();
    Plan plan = plan(recipe, clock);
    RunData read = RunData.ofTeacher(plan, CheckedData.read(recipe, recipeFolder));
    PhaseRunner runner = new PhaseRunner(List.of(context.listener()), context.stop());
    try (TrainedTeacher teacher = teacher(plan, read, runner, clock);
        SignalStore store = store(teacher)) {
      ask(teacher, store);
      return store.size();
    }
  }

  private Plan plan(Recipe recipe, Clock clock) throws IOException {
    context.listener().phaseStarted("models", 0, "bytes");
    Plan plan =
        clock.time(
            "download",
            () ->
                context
                    .models()
                    .plan(recipe, (file, bytes, total) -> context.listener().advanced(bytes)));
    context
        .listener()
        .phaseEnded(
            "models",
            "%s, %d layers, hidden size %d"
                .formatted(
                    recipe.teacher().model(),
                    plan.teacher().config().layers(),
                    plan.teacher().config().hiddenSize()));
    return plan;
  }

  private TrainedTeacher teacher(Plan plan, RunData data, PhaseRunner runner, Clock clock)
      throws IOException {
    return clock.time(
        "teacher",
        () ->
            new TeacherPhase(plan.recipe(), data, context.workspace(), runner).get(plan.teacher()));
  }

  private SignalStore store(TrainedTeacher teacher) throws IOException {
    return SignalStore.open(
        context.workspace().signals(), teacher.fingerprint(), teacher.data().labels().size());
  }

  private Trained train(
      Plan plan, RunData data, TrainedTeacher teacher, RunFolder folder, RunTools tools)
      throws IOException {
    StudentPhase phase = new StudentPhase(plan, data, teacher);
    try (SignalStore store = store(teacher)) {
      tools.clock().time("teacher's answers", () -> ask(teacher, store));
      TextClassifier student = phase.student();
      var answers = new StoredTeacher<>(teacher.teaching(plan), store);
      var teaching = phase.taught(student, answers, teacher.validationAccuracy());
      TrainedPhase taught =
          tools
              .clock()
              .time("student", () -> tools.runner().run(teaching, folder.phase("student")));
      if (!plan.recipe().baseline()) {
        return new Trained(student, taught, Optional.empty(), Optional.empty());
      }
      TextClassifier baseline = phase.baseline();
      TrainedPhase alone =
          tools
              .clock()
              .time(
                  "baseline",
                  () -> tools.runner().run(phase.alone(baseline), folder.phase("baseline")));
      return new Trained(student, taught, Optional.of(baseline), Optional.of(alone));
    }
  }

  /// What the training phases made.
  ///
  /// @param student the taught student
  /// @param taught how it was trained
  /// @param baseline the student trained on labels alone
  /// @param alone how that was trained
  record Trained(
      TextClassifier student,
      TrainedPhase taught,
      Optional<TextClassifier> baseline,
      Optional<TrainedPhase> alone)
      implements AutoCloseable {

    @Override
    public void close() {
      student.close();
      baseline.ifPresent(TextClassifier::close);
    }
  }

  private int ask(TrainedTeacher teacher, SignalStore store) {
    int before = store.size();
    for (TokenizedDataset split : List.of(teacher.data().train(), teacher.data().validation())) {
      String phase = "teacher's answers, " + split.dataset().name();
      context.listener().phaseStarted(phase, split.size(), "texts");
      new StoredTeacher<>(teacher.local(), store).answer(split, context.listener()::advanced);
      context.listener().phaseEnded(phase, "%d texts".formatted(split.size()));
    }
    store.flush();
    return store.size() - before;
  }

  private static void write(RunReport report, RunFolder folder) throws IOException {
    HtmlReport.write(report, folder.reportHtml());
    MarkdownReport.write(report, folder.reportMarkdown());
    JsonReport.write(report, folder.reportJson());
  }
}
