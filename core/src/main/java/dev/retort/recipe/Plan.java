package dev.retort.recipe;

import dev.retort.model.EncoderConfig;
import dev.retort.model.Pretrained;
import dev.retort.objective.FeatureObjective;
import dev.retort.objective.ModelShape;
import dev.retort.objective.RowObjective;
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
public record Plan(
    Recipe recipe,
    List<Pretrained> teachers,
    Pretrained source,
    boolean sharedTokens,
    EncoderConfig student,
    Set<Need> needs) {

  public Plan {
    teachers = List.copyOf(teachers);
    needs = Set.copyOf(needs);
  }

  /// Matches `recipe` with its teachers, of one of whose models the student is made.
  ///
  /// @param teachers in recipe order
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, List<Pretrained> teachers) {
    return of(recipe, teachers, main(recipe, teachers), true);
  }

  /// Matches `recipe` with its teachers and with `source`, the other model that its student is made
  /// of.
  ///
  /// @param teachers in recipe order
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, List<Pretrained> teachers, Pretrained source)
      throws IOException {
    return of(recipe, teachers, source, source.sharesTokensWith(main(recipe, teachers)));
  }

  private static Plan of(
      Recipe recipe, List<Pretrained> teachers, Pretrained source, boolean sharedTokens) {
    List<String> problems = new ArrayList<>();
    Pretrained main = main(recipe, teachers);
    Set<Need> needs = needs(recipe, sharedTokens, problems);
    StudentShape shape = new StudentShape(recipe.student(), source.config());
    problems.addAll(shape.problems());
    if (problems.isEmpty()) {
      checkShapes(recipe, main.config(), shape.config(), problems);
    }
    Lineup lineup = recipe.lineup();
    checkLengths(lineup, teachers, problems);
    if (!source.equals(main)) {
      checkLength(lineup, lineup.mainName(), "student's model", source).ifPresent(problems::add);
    }
    checkTask(recipe, teachers, problems);
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new Plan(recipe, teachers, source, sharedTokens, shape.config(), needs);
  }

  /// The teacher that the student is made of, or of whose insides it learns.
  public Pretrained teacher() {
    return main(recipe, teachers);
  }

  private static Pretrained main(Recipe recipe, List<Pretrained> teachers) {
    Lineup lineup = recipe.lineup();
    return teachers.get(lineup.names().indexOf(lineup.mainName()));
  }

  private static void checkTask(Recipe recipe, List<Pretrained> teachers, List<String> problems) {
    switch (recipe.task()) {
      case CLASSIFICATION -> checkHeads(recipe.lineup(), teachers, problems);
      case EMBEDDING -> checkEmbedding(recipe, problems);
    }
  }

  private static void checkHeads(Lineup lineup, List<Pretrained> teachers, List<String> problems) {
    for (int i = 0; i < teachers.size(); i++) {
      String name = lineup.names().get(i);
      if (teachers.get(i).head().isEmpty() && lineup.teacher(name).fineTune().isEmpty()) {
        problems.add(
            "%s: the model has no classification head; add `fineTune: {}` to train one on the labels first"
                .formatted(lineup.path(name)));
      }
    }
  }

  /// An embedder has no logits, and nothing to be fine-tuned on; vectors of several have no mean.
  private static void checkEmbedding(Recipe recipe, List<String> problems) {
    for (int i = 0; i < recipe.objective().size(); i++) {
      Term term = recipe.objective().get(i);
      if (term.objective() instanceof RowObjective) {
        problems.add(
            "objective[%d].use: '%s' compares probabilities of labels, which an embedder has not; use one of embedding-cosine, embedding-mse, similarity-kl, margin-mse"
                .formatted(i, term.name()));
      }
    }
    if (recipe.mainTeacher().fineTune().isPresent()) {
      problems.add(
          "teacher.fineTune: an embedder is taken as it is; leave it out for task embedding");
    }
    if (recipe.teachers().size() > 1) {
      problems.add(
          "teachers: there are %d, but task embedding has one, as vectors of several models have no mean; name it under `teacher`"
              .formatted(recipe.teachers().size()));
    }
  }

  /// The same plan under another seed, which fits if this one does.
  public Plan withSeed(long seed) {
    return new Plan(recipe.withSeed(seed), teachers, source, sharedTokens, student, needs);
  }

  /// What all objectives need together, which local models can say if they read the same tokens,
  /// and several teachers if they can say it together.
  private static Set<Need> needs(Recipe recipe, boolean sharedTokens, List<String> problems) {
    Set<Need> offers = sharedTokens ? EnumSet.allOf(Need.class) : Need.ofWholeTexts();
    Set<Need> together =
        recipe.lineup().combination().map(Combination::offers).orElse(Need.ofWholeTexts());
    Set<Need> needs = EnumSet.noneOf(Need.class);
    for (int i = 0; i < recipe.objective().size(); i++) {
      Term term = recipe.objective().get(i);
      Set<Need> wanted = term.objective().needs();
      needs.addAll(wanted);
      if (!offers.containsAll(wanted)) {
        problems.add(
            "objective[%d]: %s compares token by token, but the tokenizer of %s is not the teacher's; use objectives on distributions such as forward-kl, or a student that shares the teacher's tokens"
                .formatted(i, term.name(), recipe.student().from()));
      }
      if (wanted.contains(Need.LOGITS) && !together.contains(Need.LOGITS)) {
        problems.add(
            "objective[%d]: %s compares logits, but a mixture of teachers has none; set `combine: logit-average`"
                .formatted(i, term.name()));
      }
    }
    return needs;
  }

  /// Whether what is compared can be: layers that exist, heads and widths that agree.
  private static void checkShapes(
      Recipe recipe, EncoderConfig teacher, EncoderConfig student, List<String> problems) {
    for (int i = 0; i < recipe.objective().size(); i++) {
      if (recipe.objective().get(i).objective() instanceof FeatureObjective feature) {
        for (String problem : feature.problems(ModelShape.of(teacher), ModelShape.of(student))) {
          problems.add("objective[%d]: %s".formatted(i, problem));
        }
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
