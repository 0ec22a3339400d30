package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.EncoderConfig;
import dev.retort.model.ModelWeights;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.StudentSettings;
import dev.retort.recipe.Term;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Makes the student and its baseline, and says how each is trained.
///
/// The baseline is what one would have without a teacher: the same architecture, cut from the model
/// as it was before fine-tuning, trained on the labels alone with the same settings.
///
/// @param plan what was asked for
/// @param data what is learnt from
/// @param teacher who knows the task
record StudentPhase(Plan plan, RunData data, TrainedTeacher teacher) {

  static final String STUDENT = "student";
  static final String BASELINE = "baseline";

  /// The student before it has learnt anything.
  TextClassifier student() throws IOException {
    return untrained(plan.recipe().student().from());
  }

  /// The baseline before it has learnt anything.
  TextClassifier baseline() throws IOException {
    return untrained(StudentSettings.PRETRAINED);
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
        terms(recipe, teacher.model().config(), model.config()),
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
  static CrossEntropy labelTerm(Recipe recipe) {
    return recipe.objective().stream()
        .map(Term::objective)
        .filter(CrossEntropy.class::isInstance)
        .map(CrossEntropy.class::cast)
        .findFirst()
        .orElse(new CrossEntropy(0));
  }

  private TextClassifier untrained(String from) throws IOException {
    List<Integer> layers = layers(plan.recipe(), teacher.model().config());
    if (from.equals(StudentSettings.TEACHER)) {
      return teacher.model().withLayers(layers);
    }
    long seed = plan.recipe().train().seed();
    try (TextClassifier whole =
        ModelWeights.withNewHead(teacher.pretrained(), data.labels(), seed)) {
      return whole.withLayers(layers);
    }
  }

  /// The layers of the teacher that the student is made of.
  static List<Integer> layers(Recipe recipe, EncoderConfig teacher) {
    List<Integer> chosen = recipe.student().layers();
    return chosen.isEmpty() ? IntStream.range(0, teacher.layers()).boxed().toList() : chosen;
  }

  /// The recipe's objectives, matched with the two models.
  static List<BoundTerm> terms(Recipe recipe, EncoderConfig teacher, EncoderConfig student) {
    ModelShape from = ModelShape.of(teacher);
    ModelShape to = ModelShape.of(student);
    long seed = recipe.train().seed();
    return recipe.objective().stream()
        .map(term ->
            new BoundTerm(term.name(), term.objective().bind(from, to, seed), term.weight()))
        .toList();
  }
}
