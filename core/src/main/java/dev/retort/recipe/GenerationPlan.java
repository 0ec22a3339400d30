package dev.retort.recipe;

import dev.retort.data.RowShape;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.objective.AnswerObjective;
import dev.retort.objective.ModelShape;
import dev.retort.objective.Objective;
import dev.retort.objective.PatientKd;
import dev.retort.signal.Need;
import dev.retort.signal.codec.TokenCodec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// A recipe of task `generation` matched with its teacher before any weights are read.
///
/// @param recipe what was asked for
/// @param teacher who is learnt from
/// @param layers which of its layers the student is made of
public record GenerationPlan(Recipe recipe, PretrainedDecoder teacher, List<Integer> layers)
    implements MatchedRecipe {

  public GenerationPlan {
    layers = List.copyOf(layers);
  }

  /// What language models hand out: what they predict, and the states of all tokens. First tokens
  /// have seen nothing, and attention is computed without ever being a matrix of all tokens.
  private static final Set<Need> COMPARED =
      EnumSet.of(Need.DISTRIBUTION, Need.LOGITS, Need.HIDDEN_STATES);

  /// Matches `recipe` with its teacher.
  ///
  /// @throws PlanException with everything that does not fit
  public static GenerationPlan of(Recipe recipe, PretrainedDecoder teacher) {
    List<String> problems = new ArrayList<>();
    checkParts(recipe, problems);
    problems.addAll(new OnPolicyChecks(recipe, teacher.config()).problems());
    List<Integer> layers =
        recipe.student().layers().isEmpty()
            ? IntStream.range(0, teacher.config().layers()).boxed().toList()
            : recipe.student().layers();
    DecoderConfig student = student(teacher.config(), layers, problems);
    checkObjectives(recipe, teacher.config(), student, problems);
    problems.addAll(new SignalChecks(recipe, teacher.config().vocabularySize()).problems());
    int maxLength = recipe.mainTeacher().maxLength();
    if (maxLength > teacher.config().positions()) {
      problems.add(
          "teacher.maxLength: %d tokens do not fit; the model has positions for %d"
              .formatted(maxLength, teacher.config().positions()));
    }
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new GenerationPlan(recipe, teacher, layers);
  }

  /// The shape of a student; its teacher's, if it cannot be.
  private static DecoderConfig student(
      DecoderConfig teacher, List<Integer> layers, List<String> problems) {
    try {
      return teacher.withLayers(layers);
    } catch (ModelException e) {
      problems.add(String.valueOf(e.getMessage()));
      return teacher;
    }
  }

  /// The shape of the student.
  public DecoderConfig student() {
    return teacher.config().withLayers(layers);
  }

  /// What objectives must know of the teacher.
  public ModelShape teacherShape() {
    return shape(teacher.config());
  }

  /// What objectives must know of the student.
  public ModelShape studentShape() {
    return shape(student());
  }

  private static ModelShape shape(DecoderConfig config) {
    return new ModelShape(
        config.layers(), config.hiddenSize(), config.attention().heads(), config.vocabularySize());
  }

  /// What keeps what the teacher says; empty if it is asked in every step.
  public Optional<TokenCodec> codec() {
    return new SignalChecks(recipe, teacher.config().vocabularySize()).codec();
  }

  /// What else a recipe may have that language models have not.
  private static void checkParts(Recipe recipe, List<String> problems) {
    refuse(!recipe.teachers().isEmpty(), "teachers", "name one `teacher`", problems);
    refuse(
        recipe.lineup().teachers().values().stream().anyMatch(t -> t.fineTune().isPresent()),
        "teacher.fineTune",
        "a language model has a head of its own; leave this out",
        problems);
    refuse(
        recipe.data().rows() != RowShape.COLUMNS
            && recipe.stages().stream().anyMatch(stage -> stage.data().isPresent()),
        "stages[].data",
        "only rows of columns can be of other files; leave this out, or `data.rows`",
        problems);
    refuse(
        recipe.data().augment().isPresent() || recipe.data().unlabelled().isPresent(),
        "data",
        "every text is learnt from as it is; leave `augment` and `unlabelled` out",
        problems);
    refuse(
        recipe.train().mixup().isPresent(),
        "train.mixup",
        "tokens are not mixed; leave this out",
        problems);
    refuse(
        recipe.data().rows() != RowShape.COLUMNS && recipe.data().pair().isPresent(),
        "data.pair",
        "a row of conversations or preferences holds prompts and answers; leave this out",
        problems);
    StudentSettings student = recipe.student();
    boolean cut =
        student.hiddenSize().isPresent()
            || student.heads().isPresent()
            || student.intermediateSize().isPresent();
    boolean own =
        student.from() instanceof StudentOrigin.Teacher
            || student.from() instanceof StudentOrigin.Pretrained;
    refuse(
        cut || !own, "student", "it is made of layers of its teacher; set `layers` only", problems);
  }

  private static void refuse(boolean present, String place, String advice, List<String> problems) {
    if (present) {
      problems.add("%s: not for task generation: %s".formatted(place, advice));
    }
  }

  private static void checkObjectives(
      Recipe recipe, DecoderConfig teacher, DecoderConfig student, List<String> problems) {
    recipe
        .terms()
        .forEach((place, term) -> {
          objections(term, shape(teacher), shape(student))
              .forEach(problem -> problems.add("%s: %s".formatted(place, problem)));
          if (term.from() instanceof Source.Dropout) {
            problems.add(
                "%s.from: language models are trained without dropout, so that two runs say the same; leave this term out"
                    .formatted(place));
          }
        });
    for (int i = 0; i < recipe.training().size(); i++) {
      String place = recipe.stages().isEmpty() ? "objective" : "stages[%d].objective".formatted(i);
      checkStage(recipe.training().get(i).objective(), recipe.data().rows())
          .ifPresent(problem -> problems.add(place + ": " + problem));
    }
  }

  /// Why these losses cannot be minimised together, or on data of this shape.
  private static Optional<String> checkStage(List<Term> terms, RowShape rows) {
    long ofAnswers =
        terms.stream().filter(term -> term.objective() instanceof AnswerObjective).count();
    if (ofAnswers > 0 && rows != RowShape.PREFERENCES) {
      return Optional.of(
          "direct-preference compares two answers; have such rows with `data.rows: preferences`");
    }
    if (ofAnswers > 0 && ofAnswers < terms.size()) {
      return Optional.of(
          "losses on single answers would learn rejected ones, too; give them a stage of their own before this one");
    }
    return ofAnswers == 0 && terms.stream().noneMatch(Term::isFromTeacher)
        ? Optional.of(
            "every loss compares the student with itself; add one on labels or on the teacher")
        : Optional.empty();
  }

  /// Why `term` cannot compare a student with its teacher.
  private static List<String> objections(Term term, ModelShape teacher, ModelShape student) {
    Objective objective = term.objective();
    if (!COMPARED.containsAll(objective.needs()) || objective instanceof PatientKd) {
      return List.of(
          "%s compares what is not asked for in task generation; use cross-entropy, objectives on distributions such as forward-kl, or hidden-mse and hidden-cosine"
              .formatted(term.name()));
    }
    return objective.problems(term.isFromTeacher() ? teacher : student, student);
  }
}
