package dev.retort.recipe;

import dev.retort.align.TokenSpelling;
import dev.retort.data.RowShape;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.model.decoder.TokenIds;
import dev.retort.objective.AnswerObjective;
import dev.retort.objective.ModelShape;
import dev.retort.objective.Objective;
import dev.retort.objective.PatientKd;
import dev.retort.signal.Need;
import dev.retort.signal.codec.TokenCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/// A recipe of task `generation` matched with its models before any weights are read.
///
/// @param recipe what was asked for
/// @param teachers who is learnt from, by name and in recipe order
/// @param source the model that the student is made of, or resembles; the teacher, if no other
/// @param student the shape of the student
/// @param sharedTokens whether the student reads the teacher's tokens; otherwise those of `source`
public record GenerationPlan(
    Recipe recipe,
    SequencedMap<String, PretrainedDecoder> teachers,
    PretrainedDecoder source,
    DecoderConfig student,
    boolean sharedTokens)
    implements MatchedRecipe {

  public GenerationPlan {
    teachers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(teachers));
  }

  /// What language models hand out: what they predict, and the states of all tokens. First tokens
  /// have seen nothing, and attention is computed without ever being a matrix of all tokens.
  private static final Set<Need> COMPARED =
      EnumSet.of(Need.DISTRIBUTION, Need.LOGITS, Need.HIDDEN_STATES);

  /// Matches `recipe` with its only teacher, of which the student is made.
  ///
  /// @throws PlanException with everything that does not fit
  public static GenerationPlan of(Recipe recipe, PretrainedDecoder teacher) throws IOException {
    return of(recipe, alone(recipe, teacher), Optional.empty());
  }

  /// Matches `recipe` with its only teacher and with `source`, the other model that its student is
  /// made of.
  ///
  /// @throws PlanException with everything that does not fit
  public static GenerationPlan of(
      Recipe recipe, PretrainedDecoder teacher, PretrainedDecoder source) throws IOException {
    return of(recipe, alone(recipe, teacher), Optional.of(source));
  }

  private static SequencedMap<String, PretrainedDecoder> alone(
      Recipe recipe, PretrainedDecoder teacher) {
    SequencedMap<String, PretrainedDecoder> teachers = new LinkedHashMap<>();
    teachers.put(recipe.lineup().mainName(), teacher);
    return teachers;
  }

  /// Matches `recipe` with its models.
  ///
  /// @param teachers by name, in recipe order
  /// @param other the model that the student is made of, if not one of them
  /// @throws PlanException with everything that does not fit
  public static GenerationPlan of(
      Recipe recipe,
      SequencedMap<String, PretrainedDecoder> teachers,
      Optional<PretrainedDecoder> other)
      throws IOException {
    PretrainedDecoder teacher = named(teachers, recipe.lineup().mainName());
    PretrainedDecoder source = other.orElse(teacher);
    List<String> problems = new ArrayList<>(new SeveralTeachersChecks(recipe, teachers).problems());
    List<String> differences =
        TokenIds.read(source.tokenizer()).differences(TokenIds.read(teacher.tokenizer()));
    if (!differences.isEmpty()) {
      checkOtherTokens(recipe, differences, List.of(teacher, source), problems);
    } else if (source.config().tokens() != teacher.config().tokens()) {
      problems.add(
          "student.from: %s has embeddings for %d of the tokens, and the teacher for %d"
              .formatted(
                  recipe.student().from(), source.config().tokens(), teacher.config().tokens()));
    }
    if (other.isPresent()) {
      checkLength(recipe, "student's model", source, problems);
    }
    return matched(
        new GenerationPlan(recipe, teachers, source, source.config(), differences.isEmpty()),
        problems);
  }

  private static void checkOtherTokens(
      Recipe recipe,
      List<String> differences,
      List<PretrainedDecoder> models,
      List<String> problems)
      throws IOException {
    List<String> found = new OtherTokensChecks(recipe, differences).problems();
    problems.addAll(found);
    for (PretrainedDecoder model : found.isEmpty() ? models : List.<PretrainedDecoder>of()) {
      try {
        TokenSpelling.of(model);
      } catch (ModelException e) {
        problems.add("student.from: tokens that differ cannot be compared: " + e.getMessage());
      }
    }
  }

  /// The model of this name.
  static PretrainedDecoder named(Map<String, PretrainedDecoder> teachers, String name) {
    return Optional.ofNullable(teachers.get(name))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no teacher '%s' among %s".formatted(name, teachers.keySet())));
  }

  /// The teacher that the student is made of, or whose states it learns.
  public PretrainedDecoder teacher() {
    return named(teachers, recipe.lineup().mainName());
  }

  /// `plan` with the shape of its student, in which some `problems` were found already.
  private static GenerationPlan matched(GenerationPlan plan, List<String> found) {
    Recipe recipe = plan.recipe();
    DecoderConfig teacher = plan.teacher().config();
    List<String> problems = new ArrayList<>(found);
    checkParts(recipe, problems);
    LanguageModelShape shape = new LanguageModelShape(recipe.student(), plan.source().config());
    List<String> misshapen = shape.problems();
    problems.addAll(misshapen);
    DecoderConfig student = misshapen.isEmpty() ? shape.config() : plan.source().config();
    checkObjectives(recipe, teacher, student, problems);
    boolean shorter = student.positions() < teacher.positions();
    problems.addAll(new OnPolicyChecks(recipe, shorter ? student : teacher).problems());
    problems.addAll(new SignalChecks(recipe, teacher.tokens()).problems());
    checkLength(recipe, "model", plan.teacher(), problems);
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new GenerationPlan(recipe, plan.teachers(), plan.source(), student, plan.sharedTokens());
  }

  /// The model whose tokenizer, chat template and ends of texts the student has.
  public PretrainedDecoder reader() {
    return sharedTokens ? teacher() : source;
  }

  /// Whether the student is made of all of its model, as it is published.
  public boolean isWhole() {
    int layers = source.config().layers();
    return student.equals(source.config())
        && recipe.student().layersOf(layers).equals(IntStream.range(0, layers).boxed().toList());
  }

  private static void checkLength(
      Recipe recipe, String what, PretrainedDecoder model, List<String> problems) {
    int maxLength = recipe.mainTeacher().maxLength();
    if (maxLength > model.config().positions()) {
      problems.add(
          "teacher.maxLength: %d tokens do not fit; the %s has positions for %d"
              .formatted(maxLength, what, model.config().positions()));
    }
  }

  /// What objectives must know of the teacher.
  public ModelShape teacherShape() {
    return shape(teacher().config());
  }

  /// What objectives must know of the student.
  public ModelShape studentShape() {
    return shape(student);
  }

  private static ModelShape shape(DecoderConfig config) {
    return new ModelShape(
        config.layers(), config.hiddenSize(), config.attention().heads(), config.tokens());
  }

  /// What keeps what the teacher says; empty if it is asked in every step.
  public Optional<TokenCodec> codec() {
    return new SignalChecks(recipe, teacher().config().tokens()).codec();
  }

  /// What else a recipe may have that language models have not.
  private static void checkParts(Recipe recipe, List<String> problems) {
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
