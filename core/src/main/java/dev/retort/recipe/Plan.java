package dev.retort.recipe;

import dev.retort.model.EncoderConfig;
import dev.retort.model.Pretrained;
import dev.retort.objective.FeatureObjective;
import dev.retort.objective.ModelShape;
import dev.retort.objective.RowObjective;
import dev.retort.signal.Need;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A recipe matched with its models before any weights are read: proof that every objective will
/// hear what it needs and that every layer exists.
///
/// @param recipe what was asked for
/// @param teacher who will be asked
/// @param source the model that the student is made of, or resembles; the teacher's, if no other
/// @param sharedTokens whether teacher and student read a text as the same tokens
/// @param student the shape of the student
/// @param needs what the teacher will be asked for
public record Plan(
    Recipe recipe,
    Pretrained teacher,
    Pretrained source,
    boolean sharedTokens,
    EncoderConfig student,
    Set<Need> needs) {

  public Plan {
    needs = Set.copyOf(needs);
  }

  /// Matches `recipe` with `teacher`, of whose model the student is made.
  ///
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, Pretrained teacher) {
    return of(recipe, teacher, teacher, true);
  }

  /// Matches `recipe` with `teacher` and with `source`, the other model that its student is made
  /// of.
  ///
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, Pretrained teacher, Pretrained source) throws IOException {
    return of(recipe, teacher, source, source.sharesTokensWith(teacher));
  }

  private static Plan of(
      Recipe recipe, Pretrained teacher, Pretrained source, boolean sharedTokens) {
    List<String> problems = new ArrayList<>();
    Set<Need> needs = needs(recipe, sharedTokens, problems);
    StudentShape shape = new StudentShape(recipe.student(), source.config());
    problems.addAll(shape.problems());
    if (problems.isEmpty()) {
      checkShapes(recipe, teacher.config(), shape.config(), problems);
    }
    checkLength(recipe, "model", teacher, problems);
    if (!source.equals(teacher)) {
      checkLength(recipe, "student's model", source, problems);
    }
    checkTask(recipe, teacher, problems);
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new Plan(recipe, teacher, source, sharedTokens, shape.config(), needs);
  }

  private static void checkTask(Recipe recipe, Pretrained teacher, List<String> problems) {
    switch (recipe.task()) {
      case CLASSIFICATION -> {
        if (teacher.head().isEmpty() && recipe.teacher().fineTune().isEmpty()) {
          problems.add(
              "teacher: the model has no classification head; add `fineTune: {}` to train one on"
                  + " the labels first");
        }
      }
      case EMBEDDING -> checkEmbedding(recipe, problems);
    }
  }

  /// An embedder has no logits, and nothing to be fine-tuned on.
  private static void checkEmbedding(Recipe recipe, List<String> problems) {
    for (int i = 0; i < recipe.objective().size(); i++) {
      Term term = recipe.objective().get(i);
      if (term.objective() instanceof RowObjective) {
        problems.add(
            "objective[%d].use: '%s' compares probabilities of labels, which an embedder has not; use one of embedding-cosine, embedding-mse, similarity-kl, margin-mse"
                .formatted(i, term.name()));
      }
    }
    if (recipe.teacher().fineTune().isPresent()) {
      problems.add(
          "teacher.fineTune: an embedder is taken as it is; leave it out for task embedding");
    }
  }

  /// The same plan under another seed, which fits if this one does.
  public Plan withSeed(long seed) {
    return new Plan(recipe.withSeed(seed), teacher, source, sharedTokens, student, needs);
  }

  /// What all objectives need together, which local models can say if they read the same tokens.
  private static Set<Need> needs(Recipe recipe, boolean sharedTokens, List<String> problems) {
    Set<Need> offers = sharedTokens ? EnumSet.allOf(Need.class) : Need.ofWholeTexts();
    Set<Need> needs = EnumSet.noneOf(Need.class);
    for (int i = 0; i < recipe.objective().size(); i++) {
      Term term = recipe.objective().get(i);
      needs.addAll(term.objective().needs());
      if (!offers.containsAll(term.objective().needs())) {
        problems.add(
            "objective[%d]: %s compares token by token, but the tokenizer of %s is not the teacher's; use objectives on distributions such as forward-kl, or a student that shares the teacher's tokens"
                .formatted(i, term.name(), recipe.student().from()));
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

  private static void checkLength(
      Recipe recipe, String name, Pretrained model, List<String> problems) {
    if (recipe.teacher().maxLength() > model.config().maxLength()) {
      problems.add(
          "teacher.maxLength: %d tokens do not fit; the %s has positions for %d"
              .formatted(recipe.teacher().maxLength(), name, model.config().maxLength()));
    }
  }
}
