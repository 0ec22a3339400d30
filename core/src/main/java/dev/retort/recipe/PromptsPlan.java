package dev.retort.recipe;

import java.util.List;

/// A recipe of task `generation` whose teacher is behind an API: the teacher completes the prompts
/// of the data into a file, and a student learns from that file by a recipe of its own.
///
/// @param recipe what was asked for
public record PromptsPlan(Recipe recipe) implements MatchedRecipe {

  /// Whether `recipe` is one of these.
  public static boolean fits(Recipe recipe) {
    return recipe.task() == Task.GENERATION && recipe.mainTeacher().isRemote();
  }

  public PromptsPlan {
    if (!fits(recipe)) {
      throw new PlanException(
          List.of(
              "%s.model: is not behind an API"
                  .formatted(recipe.lineup().path(recipe.lineup().mainName()))));
    }
  }
}
