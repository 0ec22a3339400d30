package dev.retort.recipe;

import dev.retort.model.EncoderConfig;
import dev.retort.model.Pretrained;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ModelShape;
import dev.retort.signal.Need;
import dev.retort.teacher.Combination;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A recipe matched with its models before any weights are read: proof that every objective will
/// hear what it needs and that every layer exists.
///
/// @param recipe what was asked for
/// @param teachers who will be asked, in recipe order
/// @param source the model that the student is made of, or resembles; the teacher's, if no other
/// @param sharedTokens whether the student and the teacher it is made of read a text as the same
///   tokens
/// @param student the shape of the student
/// @param needs what the teachers will be asked for
/// @param words whose words take the place of others, if the recipe augments its data
public record Plan(
    Recipe recipe,
    List<Pretrained> teachers,
    Pretrained source,
    boolean sharedTokens,
    EncoderConfig student,
    Set<Need> needs,
    Optional<Pretrained> words)
    implements MatchedRecipe {

  public Plan {
    teachers = List.copyOf(teachers);
    needs = Set.copyOf(needs);
  }

  /// Matches `recipe` with its teachers, of one of whose models the student is made.
  ///
  /// @param teachers in recipe order
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, List<Pretrained> teachers) {
    Pretrained main = main(recipe, teachers);
    return of(recipe, teachers, main, true, main);
  }

  /// Matches `recipe` with its teachers and with `source`, the other model that its student is made
  /// of.
  ///
  /// @param teachers in recipe order
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, List<Pretrained> teachers, Pretrained source)
      throws IOException {
    return of(recipe, teachers, Optional.of(source), Optional.empty());
  }

  /// Matches `recipe` with its teachers and with other models.
  ///
  /// @param teachers in recipe order
  /// @param source the model that the student is made of, if not the teacher's
  /// @param words the model that `data.augment` names, if it names one
  /// @throws PlanException with everything that does not fit
  public static Plan of(
      Recipe recipe,
      List<Pretrained> teachers,
      Optional<Pretrained> source,
      Optional<Pretrained> words)
      throws IOException {
    Pretrained main = main(recipe, teachers);
    boolean sharedTokens = source.isEmpty() || source.get().sharesTokensWith(main);
    return of(recipe, teachers, source.orElse(main), sharedTokens, words.orElse(main));
  }

  private static Plan of(
      Recipe recipe,
      List<Pretrained> teachers,
      Pretrained source,
      boolean sharedTokens,
      Pretrained words) {
    List<String> problems = new ArrayList<>();
    Pretrained main = main(recipe, teachers);
    Set<Need> needs = needs(recipe, sharedTokens, problems);
    StudentShape shape = new StudentShape(recipe.student(), source.config());
    problems.addAll(shape.problems());
    if (recipe.student().tableIfStatic().isPresent()) {
      checkStatic(recipe, problems);
    } else if (problems.isEmpty()) {
      checkShapes(recipe, main.config(), shape.config(), problems);
    }
    Lineup lineup = recipe.lineup();
    checkLengths(lineup, teachers, problems);
    if (!source.equals(main)) {
      checkLength(lineup, lineup.mainName(), "student's model", source).ifPresent(problems::add);
    }
    checkStages(recipe, problems);
    problems.addAll(new TaskChecks(recipe, teachers, main).problems());
    problems.addAll(Augmentation.problems(recipe, words));
    problems.addAll(Augmentation.mixupProblems(recipe));
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new Plan(
        recipe,
        teachers,
        source,
        sharedTokens,
        shape.config(),
        needs,
        recipe.data().augment().map(_ -> words));
  }

  /// Refuses a recipe that asks of teachers behind APIs what these cannot give, before models are
  /// fetched.
  ///
  /// @throws PlanException with all of it
  public static void requireRemoteFits(Recipe recipe) {
    List<String> problems = RemoteChecks.problems(recipe);
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
  }

  /// The teacher that the student is made of, or of whose insides it learns.
  public Pretrained teacher() {
    return main(recipe, teachers);
  }

  private static Pretrained main(Recipe recipe, List<Pretrained> teachers) {
    Lineup lineup = recipe.lineup();
    return teachers.get(lineup.names().indexOf(lineup.mainName()));
  }

  /// The same plan under another seed, which fits if this one does.
  public Plan withSeed(long seed) {
    return new Plan(recipe.withSeed(seed), teachers, source, sharedTokens, student, needs, words);
  }

  /// Whether the student is a table of token vectors.
  public boolean isStatic() {
    return recipe.student().tableIfStatic().isPresent();
  }

  /// The student as objectives see it.
  public ModelShape studentShape() {
    return recipe
        .student()
        .tableIfStatic()
        .map(table -> new ModelShape(0, table.dimensions(), 0))
        .orElseGet(() -> ModelShape.of(student));
  }

  /// What all objectives need together, which local models can say if they read the same tokens,
  /// and several teachers if they can say it together.
  private static Set<Need> needs(Recipe recipe, boolean sharedTokens, List<String> problems) {
    Set<Need> offers = sharedTokens ? EnumSet.allOf(Need.class) : Need.ofWholeTexts();
    Set<Need> together =
        recipe.lineup().combination().map(Combination::offers).orElse(Need.ofWholeTexts());
    Set<Need> needs = EnumSet.noneOf(Need.class);
    recipe
        .terms()
        .forEach((place, term) -> {
          Set<Need> wanted = term.isFromTeacher() ? term.objective().needs() : Set.of();
          needs.addAll(wanted);
          if (!offers.containsAll(wanted)) {
            problems.add(
                "%s: %s compares token by token, but the tokenizer of %s is not the teacher's; use objectives on distributions such as forward-kl, or a student that shares the teacher's tokens"
                    .formatted(place, term.name(), recipe.student().from()));
          }
          if (wanted.contains(Need.LOGITS) && !together.contains(Need.LOGITS)) {
            problems.add(
                "%s: %s compares logits, but a mixture of teachers has none; set `combine: logit-average`"
                    .formatted(place, term.name()));
          }
        });
    return needs;
  }

  /// A static student has no layers to compare.
  private static void checkStatic(Recipe recipe, List<String> problems) {
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.objective().needs().stream().anyMatch(Need::isFeature)) {
            problems.add(
                "%s: %s compares layers, and a static student has none; use objectives on whole texts such as forward-kl"
                    .formatted(place, term.name()));
          }
        });
    boolean trained = recipe.student().tableIfStatic().map(TableSettings::train).orElse(true);
    if (recipe.task() == Task.EMBEDDING && !trained) {
      problems.add(
          "student.table.train: 'false' leaves nothing to train in an embedder, which has no head");
    }
  }

  /// Whether what is compared can be: layers that exist, heads and widths that agree.
  private static void checkShapes(
      Recipe recipe, EncoderConfig teacher, EncoderConfig student, List<String> problems) {
    ModelShape ofTeacher = ModelShape.of(teacher);
    ModelShape ofStudent = ModelShape.of(student);
    recipe
        .terms()
        .forEach((place, term) -> {
          ModelShape other = term.isFromTeacher() ? ofTeacher : ofStudent;
          term.objective()
              .problems(other, ofStudent)
              .forEach(problem -> problems.add("%s: %s".formatted(place, problem)));
        });
  }

  /// Whether every stage has something to learn from.
  private static void checkStages(Recipe recipe, List<String> problems) {
    boolean more =
        recipe.data().unlabelled().isPresent()
            || recipe.stages().stream().anyMatch(stage -> stage.data().isPresent());
    if (more && recipe.lineup().combination().orElse(null) instanceof Combination.Routing) {
      problems.add(
          "combine: 'routing' reads a column of the data, which texts of `data.unlabelled` and of"
              + " stages have not; combine the teachers in another way, or leave these texts out");
    }
    for (int i = 0; i < recipe.training().size(); i++) {
      Stage stage = recipe.training().get(i);
      String place = recipe.stages().isEmpty() ? "objective" : "stages[%d].objective".formatted(i);
      if (stage.data().isPresent()
          && stage.objective().stream()
              .allMatch(term -> term.objective() instanceof CrossEntropy)) {
        problems.add(
            place
                + ": cross-entropy needs labels, and the stage's own data have none; add a loss that"
                + " hears the teacher, or leave out `data`");
      }
      if (stage.objective().stream().noneMatch(Term::isFromTeacher)) {
        problems.add(
            place
                + ": every loss compares the student with its own average, which knows no more than"
                + " the student; add one on labels or on the teacher");
      }
    }
  }

  private static void checkLengths(
      Lineup lineup, List<Pretrained> teachers, List<String> problems) {
    for (int i = 0; i < teachers.size(); i++) {
      checkLength(lineup, lineup.names().get(i), "model", teachers.get(i)).ifPresent(problems::add);
    }
  }

  /// Whether `model` can read as many tokens as the teacher of this name is given.
  private static Optional<String> checkLength(
      Lineup lineup, String teacher, String what, Pretrained model) {
    int maxLength = lineup.teacher(teacher).maxLength();
    return maxLength <= model.config().maxLength()
        ? Optional.empty()
        : Optional.of(
            "%s.maxLength: %d tokens do not fit; the %s has positions for %d"
                .formatted(lineup.path(teacher), maxLength, what, model.config().maxLength()));
  }
}
