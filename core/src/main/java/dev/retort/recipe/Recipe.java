package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.data.DataSettings;
import dev.retort.data.RowShape;
import dev.retort.eval.Metric;
import dev.retort.eval.Requirement;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.signal.Need;
import dev.retort.teacher.Combination;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Everything that decides a run. Two equal recipes on the same data and machine give the same
/// student.
///
/// @param name of the run's folder
/// @param task what kind of answer the student gives
/// @param teacher who is learnt from, if it is one
/// @param teachers who is learnt from, if they are several
/// @param combine how several teachers become one
/// @param judge who settles what teachers behind APIs disagree on
/// @param student who learns
/// @param data what is learnt from
/// @param objective the losses; empty where there are stages
/// @param train how the student is trained
/// @param stages stages of training, in place of `objective`; empty where there is one
/// @param baseline whether the same student is also trained without a teacher
/// @param require bounds by metric, such as `retention: ">= 0.97"`
/// @param cost prices, for what the student saves
/// @param rounds how a teacher behind an API is asked little by little
/// @param evaluate how language models are measured by what they write; absent for other tasks
/// @param export file formats to hand over
/// @param deploy the exported file that the requirements are about
@Doc("A distillation run: teacher, data, student, losses and requirements.")
public record Recipe(
    @Doc("Name of the run; its folder begins with it.") String name,
    @Default("classification") @Doc("What kind of answer the student gives.") Task task,
    @Doc(
            "Who is learnt from: this one, or several `teachers`. A student of task generation that"
                + " learns from its data alone needs none: left out, it is compared with its own model"
                + " before it learnt, called `start`.")
        Optional<TeacherSettings> teacher,
    @Default("[]") @Doc("Who is learnt from, instead of one `teacher`: two or more.")
        List<TeacherSettings> teachers,
    @Doc("How several teachers become one; `mixture` if left out.") Optional<Combination> combine,
    @Doc(
            "Who is asked about the training texts to which teachers behind APIs give different"
                + " labels; its choice counts. A model behind an API; nobody if left out.")
        Optional<TeacherSettings> judge,
    @Default("{}") @Doc("Who learns.") StudentSettings student,
    @Doc("What is learnt from.") DataSettings data,
    @Default("[]")
        @Doc(
            "The losses; the student minimises their weighted sum. If left out: forward-kl at"
                + " temperature 4 with weight 0.7, and cross-entropy with weight 0.3.")
        List<Term> objective,
    @Default("{}") @Doc("How the student is trained; with stages, what they have in common.")
        TrainSettings train,
    @Default("[]") @Doc("Stages of training, one after the other, in place of `objective`.")
        List<Stage> stages,
    @Default("true")
        @Doc("Whether the same student is also trained on the labels alone, as a comparison.")
        boolean baseline,
    @Default("{}") @Doc("Bounds by metric, such as `retention: \">= 0.97\"`.")
        Map<String, String> require,
    @Doc("Two prices, for the cost of 1,000 requests and the break-even volume.")
        Optional<CostSettings> cost,
    @Doc(
            "Asks a teacher behind an API in rounds, each time about the texts that the student of the"
                + " round before would learn most from; about all texts at once if left out.")
        Optional<RoundSettings> rounds,
    @Doc(
            "Task generation: how models are measured by what they write; its defaults if left"
                + " out.")
        Optional<EvaluateSettings> evaluate,
    @Default("[]")
        @Doc(
            "File formats to hand over. If left out: `safetensors`, `onnx` and `onnx-int8`; for tasks"
                + " generation and masked-lm `safetensors`, which is all they have. The Hugging Face"
                + " folder and the ONNX file in 32 bits, through which the student is measured, are"
                + " always written.")
        List<ExportFormat> export,
    @Doc(
            "The exported file that the requirements are judged on. If left out: `onnx-int8`; for"
                + " tasks generation and masked-lm `safetensors`.")
        Optional<ExportFormat> deploy) {

  private static final List<Term> USUAL =
      List.of(new Term(new ForwardKl(4), 0.7), new Term(new CrossEntropy(0), 0.3));

  public Recipe {
    Check.that(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
        "name",
        "must be letters, digits, '.', '_' and '-' but is '%s'".formatted(name));
    Check.that(
        objective.isEmpty() || stages.isEmpty(),
        "objective",
        "stands beside `stages`, which have losses of their own; move it into a stage or delete it");
    Check.that(
        stages.stream().map(Stage::name).distinct().count() == stages.size(),
        "stages",
        "two of them have the same name; every stage needs its own");
    objective = objective.isEmpty() && stages.isEmpty() ? USUAL : List.copyOf(objective);
    stages = List.copyOf(stages);
    Shipment shipment = Shipment.of(task, export, deploy);
    export = shipment.export();
    deploy = Optional.of(shipment.deploy());
    Check.that(
        task == Task.GENERATION || data.rows() == RowShape.COLUMNS,
        "data.rows",
        "is '%s', which only task generation learns from"
            .formatted(data.rows().name().toLowerCase(Locale.ROOT)));
    TaskDataChecks.check(task, data, terms(objective, stages));
    Check.that(
        task == Task.GENERATION || evaluate.isEmpty(),
        "evaluate",
        "is for task generation only; leave it out for task " + task.recipeName());
    evaluate =
        task == Task.GENERATION ? evaluate.or(() -> Optional.of(EvaluateSettings.USUAL)) : evaluate;
    require = new LinkedHashMap<>(require);
    checkRequirements(require, task, data, evaluate.orElse(EvaluateSettings.USUAL));
    Check.that(
        cost.isEmpty()
            || cost.get().teacherPer1000Requests().isPresent()
            || teacher
                .filter(some -> some.isRemote() && some.remote().price().isPresent())
                .isPresent(),
        "cost",
        "needs teacherPer1000Requests: only what a `teacher` behind an API with a `price` costs is measured");
    teachers = List.copyOf(teachers);
    boolean taught = teacher.isPresent() || !teachers.isEmpty();
    Check.that(
        !taught || student.maxLength().isEmpty(),
        "student.maxLength",
        "is for recipes without a teacher; set `maxLength` of the teacher");
    Optional<TeacherSettings> start =
        taught ? Optional.empty() : Untaught.start(task, student, terms(objective, stages));
    checkSignals(task, Lineup.of(teacher.or(() -> start), teachers, combine, student.teacher()));
  }

  private static void checkSignals(Task task, Lineup lineup) {
    lineup
        .teachers()
        .forEach((name, teacher) ->
            Check.that(
                task == Task.GENERATION || teacher.signals() instanceof TokenSignals.Online,
                lineup.path(name) + ".signals",
                "is for task generation; leave it out for task %s".formatted(task.recipeName())));
  }

  private static void checkRequirements(
      Map<String, String> require, Task task, DataSettings data, EvaluateSettings evaluate) {
    require.forEach((name, bound) -> {
      Metric metric = requirement(name, bound).metric();
      Measurable.problem(metric, task, data, evaluate)
          .ifPresent(problem -> Check.that(false, "require." + metric, problem));
    });
  }

  private static Requirement requirement(String metric, String bound) {
    try {
      return Requirement.parse(metric, bound);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("require: " + e.getMessage(), e);
    }
  }

  private static List<Term> terms(List<Term> objective, List<Stage> stages) {
    return Stream.concat(
            objective.stream(), stages.stream().flatMap(stage -> stage.objective().stream()))
        .toList();
  }

  /// What the student is trained on, in order: the stages, or the recipe's own losses as the only
  /// one, under the name `student`.
  public List<Stage> training() {
    return stages.isEmpty()
        ? List.of(new Stage("student", Optional.empty(), objective, train))
        : stages;
  }

  /// Whether `stage` trains what the student answers with. In a classifier that is the head, which
  /// losses on logits reach; the answers of other models change with any loss.
  public boolean changesAnswers(Stage stage) {
    return task != Task.CLASSIFICATION || stage.trainsHead();
  }

  /// All losses by their places in the recipe, such as `stages[1].objective[0]`.
  public SequencedMap<String, Term> terms() {
    SequencedMap<String, Term> terms = new LinkedHashMap<>();
    for (int stage = 0; stage < training().size(); stage++) {
      String place = stages.isEmpty() ? "" : "stages[%d].".formatted(stage);
      List<Term> some = training().get(stage).objective();
      for (int i = 0; i < some.size(); i++) {
        terms.put("%sobjective[%d]".formatted(place, i), some.get(i));
      }
    }
    return terms;
  }

  /// Whom the run learns from, one or several.
  public Lineup lineup() {
    Optional<TeacherSettings> start =
        teachers.isEmpty() ? Untaught.start(task, student, List.of()) : Optional.empty();
    return Lineup.of(teacher.or(() -> start), teachers, combine, student.teacher());
  }

  /// Whether there is somebody to learn from, rather than the data alone.
  public boolean isTaught() {
    return teacher.isPresent() || !teachers.isEmpty();
  }

  /// The teacher that the student is cut from.
  public TeacherSettings mainTeacher() {
    return lineup().main();
  }

  /// The same recipe under another seed.
  public Recipe withSeed(long seed) {
    return new Recipe(
        name,
        task,
        teacher,
        teachers,
        combine,
        judge,
        student,
        data,
        objective,
        train.withSeed(seed),
        stages.stream().map(stage -> stage.withSeed(seed)).toList(),
        baseline,
        require,
        cost,
        rounds,
        evaluate,
        export,
        deploy);
  }

  /// Whether requirements are judged on the exported file of this format.
  public boolean deploys(ExportFormat format) {
    return deploy.orElseThrow() == format;
  }

  /// Where the data are: for tasks that learn from texts alone, without a column of labels.
  public DataSettings dataSettings() {
    return task == Task.MASKED_LM || task == Task.GENERATION ? data.withoutLabel() : data;
  }

  /// Whether a stage asks its teacher for what nobody keeps: features, or answers about mixtures.
  public boolean asksAnew() {
    return training().stream()
        .anyMatch(stage ->
            stage.train().mixup().isPresent() || stage.needs().stream().anyMatch(Need::isFeature));
  }

  /// How models are measured by what they write.
  ///
  /// @throws IllegalStateException if the task is not generation
  public EvaluateSettings writing() {
    return evaluate.orElseThrow(
        () -> new IllegalStateException("task " + task.recipeName() + " writes nothing"));
  }

  /// The bounds that the student must keep, in recipe order.
  public List<Requirement> requirements() {
    return require.entrySet().stream()
        .map(entry -> Requirement.parse(entry.getKey(), entry.getValue()))
        .toList();
  }
}
