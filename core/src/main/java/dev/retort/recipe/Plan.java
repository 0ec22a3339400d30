package dev.retort.recipe;

import dev.retort.model.EncoderConfig;
import dev.retort.model.Pretrained;
import dev.retort.objective.FeatureObjective;
import dev.retort.objective.ModelShape;
import dev.retort.signal.Need;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A recipe matched with its teacher before any weights are read: proof that every objective will
/// hear what it needs and that every layer exists.
///
/// @param recipe what was asked for
/// @param teacher who will be asked
/// @param student the shape of the student
/// @param needs what the teacher will be asked for
public record Plan(Recipe recipe, Pretrained teacher, EncoderConfig student, Set<Need> needs) {

  public Plan {
    needs = Set.copyOf(needs);
  }

  /// What local models can say.
  private static final Set<Need> LOCAL_OFFERS = EnumSet.allOf(Need.class);

  /// Matches `recipe` with `teacher`.
  ///
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, Pretrained teacher) {
    List<String> problems = new ArrayList<>();
    Set<Need> needs = EnumSet.noneOf(Need.class);
    for (int i = 0; i < recipe.objective().size(); i++) {
      Set<Need> wanted = recipe.objective().get(i).objective().needs();
      needs.addAll(wanted);
      if (!LOCAL_OFFERS.containsAll(wanted)) {
        problems.add(
            "objective[%d]: needs %s but the teacher offers %s".formatted(i, wanted, LOCAL_OFFERS));
      }
    }
    StudentShape shape = new StudentShape(recipe.student(), teacher.config());
    problems.addAll(shape.problems());
    if (problems.isEmpty()) {
      checkShapes(recipe, teacher.config(), shape.config(), problems);
    }
    checkLength(recipe, teacher, problems);
    if (teacher.head().isEmpty() && recipe.teacher().fineTune().isEmpty()) {
      problems.add(
          "teacher: the model has no classification head; add `fineTune: {}` to train one on the"
              + " labels first");
    }
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new Plan(recipe, teacher, shape.config(), needs);
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

  private static void checkLength(Recipe recipe, Pretrained teacher, List<String> problems) {
    if (recipe.teacher().maxLength() > teacher.config().maxLength()) {
      problems.add(
          "teacher.maxLength: %d tokens do not fit; the model has positions for %d"
              .formatted(recipe.teacher().maxLength(), teacher.config().maxLength()));
    }
  }
}
