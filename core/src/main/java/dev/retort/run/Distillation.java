package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Task;
import dev.retort.report.HtmlReport;
import dev.retort.report.JsonReport;
import dev.retort.report.MarkdownReport;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.LocalTeacher;
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
    Pretrained pretrained = fetch(recipe, clock);
    Plan plan = Plan.of(recipe, pretrained);
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
            case MASKED_LM ->
                new MaskedDistillation(context).distill(plan, recipeFolder, folder, tools);
          };
      write(report, folder);
      return report;
    }
  }

  private RunReport classifier(Plan plan, Path recipeFolder, RunFolder folder, RunTools tools)
      throws IOException {
    Recipe recipe = plan.recipe();
    Clock clock = tools.clock();
    CheckedData checked = clock.time("data", () -> CheckedData.read(recipe, recipeFolder));
    checked.findings().forEach(finding -> context.listener().noted(finding.toString()));
    try (Tokenizer tokenizer = Tokenizer.open(plan.teacher().tokenizer())) {
      RunData data =
          clock.time("data", () -> RunData.of(checked, tokenizer, recipe.teacher().maxLength()));
      try (TrainedTeacher teacher = teacher(recipe, data, plan.teacher(), tools.runner(), clock)) {
        RunRecord.of(recipe, recipeFolder, data, teacher.fingerprint(), tools.started())
            .write(folder.provenance());
        try (Trained trained = train(plan, data, teacher, folder, tools)) {
          return new Reporting(context, plan, data, folder, clock)
              .report(teacher, trained, tools.started());
        }
      }
    }
  }

  /// Asks the teacher about all training and validation texts, so that a later [#distill] need not.
  /// Returns how many answers the store holds.
  public int label(Recipe recipe, Path recipeFolder) throws IOException {
    if (recipe.task() == Task.MASKED_LM) {
      throw new RunException(
          "task: the tokens that a masked-lm teacher is asked for are others in every epoch, so there"
              + " is nothing to ask ahead; run `retort distill`");
    }
    Clock clock = new Clock();
    Pretrained pretrained = fetch(recipe, clock);
    Plan.of(recipe, pretrained);
    CheckedData checked = CheckedData.read(recipe, recipeFolder);
    try (Tokenizer tokenizer = Tokenizer.open(pretrained.tokenizer())) {
      RunData data = RunData.of(checked, tokenizer, recipe.teacher().maxLength());
      PhaseRunner runner = new PhaseRunner(List.of(context.listener()), context.stop());
      try (TrainedTeacher teacher = teacher(recipe, data, pretrained, runner, clock);
          SignalStore store = store(teacher, data)) {
        ask(teacher, store, data);
        return store.size();
      }
    }
  }

  private Pretrained fetch(Recipe recipe, Clock clock) throws IOException {
    context.listener().phaseStarted("teacher's model", 0, "bytes");
    Pretrained pretrained =
        clock.time(
            "download",
            () ->
                context
                    .models()
                    .fetch(
                        recipe.teacher().model(),
                        (file, bytes, total) -> context.listener().advanced(bytes)));
    context
        .listener()
        .phaseEnded(
            "teacher's model",
            "%s, %d layers, hidden size %d"
                .formatted(
                    recipe.teacher().model(),
                    pretrained.config().layers(),
                    pretrained.config().hiddenSize()));
    return pretrained;
  }

  private TrainedTeacher teacher(
      Recipe recipe, RunData data, Pretrained pretrained, PhaseRunner runner, Clock clock)
      throws IOException {
    return clock.time(
        "teacher",
        () -> new TeacherPhase(recipe, data, context.workspace(), runner).get(pretrained));
  }

  private SignalStore store(TrainedTeacher teacher, RunData data) throws IOException {
    return SignalStore.open(
        context.workspace().signals(), teacher.fingerprint(), data.labels().size());
  }

  private Trained train(
      Plan plan, RunData data, TrainedTeacher teacher, RunFolder folder, RunTools tools)
      throws IOException {
    StudentPhase phase = new StudentPhase(plan, data, teacher);
    try (SignalStore store = store(teacher, data)) {
      tools.clock().time("teacher's answers", () -> ask(teacher, store, data));
      double accuracy = Scoring.accuracy(teacher.model(), data.validation(), Precision.FP32);
      TextClassifier student = phase.student();
      var teaching = phase.taught(student, new StoredTeacher<>(local(teacher), store), accuracy);
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

  private static LocalTeacher<TextBatch> local(TrainedTeacher teacher) {
    return new LocalTeacher<>("teacher", teacher.fingerprint(), teacher.model(), Precision.FP32);
  }

  private int ask(TrainedTeacher teacher, SignalStore store, RunData data) {
    int before = store.size();
    for (TokenizedDataset split : List.of(data.train(), data.validation())) {
      String phase = "teacher's answers, " + split.dataset().name();
      context.listener().phaseStarted(phase, split.size(), "texts");
      new StoredTeacher<>(local(teacher), store).answer(split, context.listener()::advanced);
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
