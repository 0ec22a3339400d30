package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Stage;
import dev.retort.recipe.Term;
import dev.retort.recipe.TrainSettings;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.LossScore;
import dev.retort.train.TrainJob;
import dev.retort.train.Validator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Makes the student and its baseline, and says how each is trained.
///
/// The baseline is what one would have without a teacher: the same architecture, made in the same
/// way from the model as it was before fine-tuning, trained on the labels alone with the same
/// settings, of several stages those of the last.
///
/// @param plan what was asked for
/// @param data what is learnt from, as the student reads it
/// @param teacher the weights of who knows the task, if they are here
record StudentPhase(Plan plan, RunData data, Optional<TextClassifier> teacher) {

  static final String STUDENT = "student";
  static final String BASELINE = "baseline";

  /// The stages of training on what `answers` says; `quality` scores the student's answers.
  StudentStages<TextBatch> stages(
      Teacher<TextBatch> answers,
      Function<Precision, Validator<TextBatch>> quality,
      PhaseRunner runner) {
    return new StudentStages<>(
        plan.recipe().training().size(),
        (stage, model) -> taught(stage, model, answers, quality),
        runner);
  }

  /// The student before it has learnt anything.
  Network<TextBatch> student() throws IOException {
    return untrained().from(plan.recipe().student().from());
  }

  /// The baseline before it has learnt anything.
  Network<TextBatch> baseline() throws IOException {
    return untrained().from(plan.recipe().student().from().withoutTeacher());
  }

  /// The job of training `model` in one stage, counted from 0, on what `answers` says. `quality`
  /// scores the student's answers; a stage that leaves them as they were is scored by its own
  /// losses on the validation data.
  TrainJob<TextBatch> taught(
      int stage,
      Network<TextBatch> model,
      Teacher<TextBatch> answers,
      Function<Precision, Validator<TextBatch>> quality) {
    Stage wanted = plan.recipe().training().get(stage);
    Precision precision = wanted.train().precision();
    List<BoundTerm> terms = terms(wanted);
    return new TrainJob<>(
        StudentStages.name(plan.recipe(), stage),
        model,
        Optional.of(answers).filter(_ -> !wanted.needs().isEmpty()),
        wanted.needs(),
        terms,
        data.training().get(stage),
        wanted.train(),
        plan.recipe().changesAnswers(wanted)
            ? quality.apply(precision)
            : new LossScore<>(data.validation(), answers, wanted.needs(), terms, precision));
  }

  /// Learning without a teacher: as in the last stage, for as many epochs as the student sees the
  /// recipe's own data in all stages.
  static TrainSettings aloneSettings(Recipe recipe) {
    int epochs =
        recipe.training().stream()
            .filter(stage -> stage.data().isEmpty())
            .mapToInt(stage -> stage.train().epochs())
            .sum();
    TrainSettings last = recipe.training().getLast().train();
    return last.withEpochs(Math.max(last.epochs(), epochs));
  }

  /// The job of training `model` on the labels alone.
  TrainJob<TextBatch> alone(Network<TextBatch> model) {
    TrainSettings settings = aloneSettings(plan.recipe());
    return new TrainJob<>(
        BASELINE,
        model,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", labelTerm(plan.recipe()), 1)),
        data.train(),
        settings,
        Scoring.accuracy(data.validation(), settings.precision()));
  }

  /// The recipe's own way of learning from labels, or the plain one.
  static CrossEntropy labelTerm(Recipe recipe) {
    return recipe.terms().values().stream()
        .map(Term::objective)
        .filter(CrossEntropy.class::isInstance)
        .map(CrossEntropy.class::cast)
        .findFirst()
        .orElse(new CrossEntropy(0));
  }

  private UntrainedStudent untrained() {
    return new UntrainedStudent(plan, data, teacher);
  }

  private List<BoundTerm> terms(Stage stage) {
    int labels = data.labels().size();
    ModelShape own = plan.studentShape().withLabels(labels);
    ModelShape known =
        teacher.map(model -> ModelShape.of(model.config()).withLabels(labels)).orElse(own);
    return terms(stage, known, own);
  }

  /// The losses of `stage`, made ready for a teacher of the shape `known` and a student of `own`.
  static List<BoundTerm> terms(Stage stage, ModelShape known, ModelShape own) {
    return stage.objective().stream()
        .map(term ->
            new BoundTerm(
                term.label(),
                term.objective()
                    .bind(term.isFromTeacher() ? known : own, own, stage.train().seed()),
                term.weight(),
                term.from(),
                term.rampUp(),
                term.target()))
        .toList();
  }
}
