package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Term;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the student and its baseline, and says how each is trained.
///
/// The baseline is what one would have without a teacher: the same architecture, made in the same
/// way from the model as it was before fine-tuning, trained on the labels alone with the same
/// settings.
///
/// @param plan what was asked for
/// @param data what is learnt from, as the student reads it
/// @param teacher who knows the task
record StudentPhase(Plan plan, RunData data, TrainedTeacher teacher) {

  static final String STUDENT = "student";
  static final String BASELINE = "baseline";

  /// The student before it has learnt anything.
  TextClassifier student() throws IOException {
    return untrained().from(plan.recipe().student().from());
  }

  /// The baseline before it has learnt anything.
  TextClassifier baseline() throws IOException {
    return untrained().from(plan.recipe().student().from().withoutTeacher());
  }

  /// The job of training `model` on what `answers` says.
  TrainJob<TextBatch> taught(
      TextClassifier model, Teacher<TextBatch> answers, double teacherAccuracy) {
    Recipe recipe = plan.recipe();
    return new TrainJob<>(
        STUDENT,
        model,
        Optional.of(answers),
        plan.needs(),
        terms(recipe.objective(), model),
        data.train(),
        recipe.train(),
        Scoring.retention(data.validation(), recipe.train().precision(), teacherAccuracy));
  }

  /// The job of training `model` on the labels alone.
  TrainJob<TextBatch> alone(TextClassifier model) {
    Recipe recipe = plan.recipe();
    return new TrainJob<>(
        BASELINE,
        model,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", labelTerm(recipe), 1)),
        data.train(),
        recipe.train(),
        Scoring.accuracy(data.validation(), recipe.train().precision()));
  }

  /// The recipe's own way of learning from labels, or the plain one.
  private static CrossEntropy labelTerm(Recipe recipe) {
    return recipe.objective().stream()
        .map(Term::objective)
        .filter(CrossEntropy.class::isInstance)
        .map(CrossEntropy.class::cast)
        .findFirst()
        .orElse(new CrossEntropy(0));
  }

  private UntrainedStudent untrained() {
    return new UntrainedStudent(plan, data, teacher);
  }

  /// The losses of the recipe, made ready for the teacher and `model`.
  List<BoundTerm> terms(List<Term> terms, TextClassifier model) {
    ModelShape from = ModelShape.of(teacher.model().config());
    ModelShape to = ModelShape.of(model.config());
    long seed = plan.recipe().train().seed();
    return terms.stream()
        .map(term ->
            new BoundTerm(term.name(), term.objective().bind(from, to, seed), term.weight()))
        .toList();
  }
}
