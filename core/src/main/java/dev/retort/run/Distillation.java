package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.ledger.Estimate;
import dev.retort.model.EncoderConfig;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Stage;
import dev.retort.recipe.Task;
import dev.retort.recipe.TeacherSettings;
import dev.retort.report.HtmlReport;
import dev.retort.report.JsonReport;
import dev.retort.report.MarkdownReport;
import dev.retort.report.Round;
import dev.retort.report.RunReport;
import dev.retort.signal.Need;
import dev.retort.teacher.Teacher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A whole run: teach the teachers, ask them, train the student and its baseline, export, measure,
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
    try (RunTools tools = new RunTools(context, folder, clock, started)) {
      RunReport report =
          switch (recipe.task()) {
            case CLASSIFICATION -> classifier(plan(recipe, clock), recipeFolder, folder, tools);
            case EMBEDDING ->
                new EmbeddingDistillation(context)
                    .distill(plan(recipe, clock), recipeFolder, folder, tools);
            case MASKED_LM ->
                new MaskedDistillation(context)
                    .distill(plan(recipe, clock), recipeFolder, folder, tools);
            case GENERATION ->
                new GenerationDistillation(context).distill(recipe, recipeFolder, folder, tools);
          };
      write(report, folder);
      return report;
    }
  }

  private RunReport classifier(Plan plan, Path recipeFolder, RunFolder folder, RunTools tools)
      throws IOException {
    Clock clock = tools.clock();
    AugmentPhase augmentation = augmentation(plan);
    CheckedData all =
        clock.time("data", () -> augmentation.apply(CheckedData.read(plan, recipeFolder)));
    Optional<Rounds.Chosen> rounds = rounds(plan, all, folder, tools);
    RemoteAnswers remote =
        rounds.isPresent()
            ? rounds.get().answers()
            : clock.time("teacher's answers", () -> RemoteAnswers.ask(context, plan.recipe(), all));
    CheckedData checked = remote.data();
    checked.findings().forEach(finding -> context.listener().noted(finding.toString()));
    Readings readings = clock.time("data", () -> Readings.of(plan, checked));
    RunData data = readings.student();
    try (Faculty faculty = faculty(plan, readings, remote.said(), tools);
        Answers answers = Answers.open(plan, faculty, context.workspace())) {
      RunRecord.of(plan, recipeFolder, data, faculty.fingerprints(), tools.started())
          .write(folder.provenance());
      try (Trained trained = train(plan, data, answers, folder, tools)) {
        RunReport report =
            new Reporting(context, plan, data, folder, clock)
                .report(answers, trained, tools.started());
        return rounds.isPresent()
            ? report.withRounds(all(plan, rounds.get(), trained, data))
            : report;
      }
    }
  }

  private Optional<Rounds.Chosen> rounds(
      Plan plan, CheckedData data, RunFolder folder, RunTools tools) throws IOException {
    if (plan.recipe().rounds().isEmpty()) {
      return Optional.empty();
    }
    RoundTrial trial = new RoundTrial(this, plan, folder, tools);
    return Optional.of(
        new Rounds(trial, plan, plan.recipe().rounds().get(), context.listener()).choose(data));
  }

  private List<Round> all(Plan plan, Rounds.Chosen chosen, Trained trained, RunData data)
      throws IOException {
    double accuracy = Scoring.accuracy(trained.student(), data.validation(), Precision.FP32);
    List<Round> all = new ArrayList<>(chosen.rounds());
    all.add(chosen.last(accuracy, new PaidTeachers(context, plan.recipe()).paying().paid()));
    return all;
  }

  /// Asks the teachers about all training and validation texts, so that a later [#distill] need
  /// not. Returns how many answers their stores hold.
  public int label(Recipe recipe, Path recipeFolder) throws IOException {
    if (recipe.task() == Task.MASKED_LM) {
      throw new RunException(
          "task: the tokens that a masked-lm teacher is asked for are others in every epoch, so there"
              + " is nothing to ask ahead; run `retort distill`");
    }
    if (recipe.task() == Task.GENERATION) {
      return new GenerationDistillation(context).label(recipe, recipeFolder);
    }
    if (recipe.task() == Task.EMBEDDING) {
      throw new RunException(
          "task: the vectors of an embedder's teacher are asked for and kept by `retort distill`;"
              + " there is nothing to label ahead");
    }
    Clock clock = new Clock();
    Plan plan = plan(recipe, clock);
    CheckedData read = augmentation(plan).apply(CheckedData.read(plan, recipeFolder));
    RemoteAnswers remote = RemoteAnswers.ask(context, recipe, read);
    remote.data().findings().forEach(finding -> context.listener().noted(finding.toString()));
    Readings readings = Readings.of(plan, remote.data());
    PhaseRunner runner = new PhaseRunner(List.of(context.listener()), context.stop());
    TeacherPhase phase =
        new TeacherPhase(recipe, context.workspace(), runner, context.listener(), remote.said());
    try (Faculty faculty = clock.time("teacher", () -> Faculty.gather(plan, readings, phase));
        Answers answers = Answers.open(plan, faculty, context.workspace())) {
      ask(plan, answers);
      return answers.size();
    }
  }

  /// What asking the recipe's teachers behind APIs about all texts would cost, by name.
  public SequencedMap<String, Estimate> estimate(Recipe recipe, Path recipeFolder)
      throws IOException {
    Plan plan = plan(recipe, new Clock());
    CheckedData data = augmentation(plan).apply(CheckedData.read(plan, recipeFolder));
    return new RemoteLabelling(context, recipe).estimate(data);
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
    context.listener().phaseEnded("models", models(plan));
    return plan;
  }

  private static String models(Plan plan) {
    List<String> models = new ArrayList<>();
    for (TeacherSettings teacher : plan.recipe().lineup().teachers().values()) {
      EncoderConfig config = plan.teachers().get(models.size()).config();
      models.add(
          teacher.isRemote()
              ? teacher.model()
              : "%s, %d layers, hidden size %d"
                  .formatted(teacher.model(), config.layers(), config.hiddenSize()));
    }
    return String.join("; ", models);
  }

  private AugmentPhase augmentation(Plan plan) {
    return new AugmentPhase(plan, context.workspace(), context.listener());
  }

  /// The teachers of a run, `remote` the hashes of what those behind APIs said.
  Faculty faculty(
      Plan plan, Readings readings, Map<String, RemoteAnswers.Said> remote, RunTools tools)
      throws IOException {
    TeacherPhase phase =
        new TeacherPhase(
            plan.recipe(), context.workspace(), tools.runner(), context.listener(), remote);
    return tools.clock().time("teacher", () -> Faculty.gather(plan, readings, phase));
  }

  private Trained train(Plan plan, RunData data, Answers answers, RunFolder folder, RunTools tools)
      throws IOException {
    StudentPhase phase = new StudentPhase(plan, data, answers.faculty().main().weights());
    Network<TextBatch> student = phase.student();
    List<TrainedPhase> taught = teach(phase, student, answers, tools, folder::phase);
    if (!plan.recipe().baseline()) {
      return new Trained(student, taught, Optional.empty(), Optional.empty());
    }
    Network<TextBatch> baseline = phase.baseline();
    TrainedPhase alone =
        tools
            .clock()
            .time(
                "baseline",
                () -> tools.runner().run(phase.alone(baseline), folder.phase("baseline")));
    return new Trained(student, taught, Optional.of(baseline), Optional.of(alone));
  }

  /// Has `student` learn what the teachers say; `folders` says where a phase of a name keeps what
  /// it makes.
  List<TrainedPhase> teach(
      StudentPhase phase,
      Network<TextBatch> student,
      Answers answers,
      RunTools tools,
      Function<String, Path> folders)
      throws IOException {
    Teacher<TextBatch> teacher =
        tools
            .clock()
            .time(
                "teacher's answers",
                () -> {
                  ask(phase.plan(), answers);
                  return answers.together();
                });
    TokenizedDataset validation = phase.data().validation();
    double accuracy = Scoring.accuracy(teacher, validation);
    StudentStages<TextBatch> stages =
        phase.stages(
            teacher,
            precision -> Scoring.retention(validation, precision, accuracy),
            tools.runner());
    return tools.clock().time("student", () -> stages.run(student, folders));
  }

  /// What the training phases made.
  ///
  /// @param student the taught student
  /// @param taught how it was trained, stage by stage
  /// @param baseline the student trained on labels alone
  /// @param alone how that was trained
  record Trained(
      Network<TextBatch> student,
      List<TrainedPhase> taught,
      Optional<Network<TextBatch>> baseline,
      Optional<TrainedPhase> alone)
      implements AutoCloseable {

    @Override
    public void close() {
      student.close();
      baseline.ifPresent(Network::close);
    }
  }

  private void ask(Plan plan, Answers answers) {
    int parts = asked(plan, answers.faculty().readings().student()).size();
    for (int i = 0; i < parts; i++) {
      int part = i;
      answers.ask(data -> asked(plan, data).get(part), context.listener());
    }
  }

  /// The training data of the stages that want to hear distributions of texts as they are, and the
  /// validation data.
  private static List<TokenizedDataset> asked(Plan plan, RunData data) {
    List<Stage> stages = plan.recipe().training();
    Stream<TokenizedDataset> training =
        IntStream.range(0, stages.size())
            .filter(stage -> stages.get(stage).needs().contains(Need.DISTRIBUTION))
            .filter(stage -> !stages.get(stage).train().mixesAll())
            .mapToObj(data.training()::get);
    return Stream.concat(training, Stream.of(data.validation())).distinct().toList();
  }

  private static void write(RunReport report, RunFolder folder) throws IOException {
    HtmlReport.write(report, folder.reportHtml());
    MarkdownReport.write(report, folder.reportMarkdown());
    JsonReport.write(report, folder.reportJson());
  }
}
