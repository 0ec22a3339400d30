package dev.retort.run;

import dev.retort.data.Finding;
import dev.retort.hub.Progress;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Everything that can be known of a run before weights are loaded.
///
/// @param plan the recipe matched with its models
/// @param data the data, read and checked
public record Checkup(Plan plan, CheckedData data) {

  /// Checks `recipe`, whose relative paths start at `recipeFolder`: the data first, since they are
  /// the user's own, then the models, which may have to be downloaded, and the data under their
  /// labels.
  public static Checkup of(Recipe recipe, Path recipeFolder, Models models, Progress progress)
      throws IOException {
    CheckedData.read(recipe, recipeFolder);
    Plan plan = models.plan(recipe, progress);
    CheckedData data = CheckedData.read(recipe, recipeFolder, plan.teacher());
    Faculty.checkLabels(plan, data.splits().train().labels());
    return new Checkup(plan, data);
  }

  /// What the checks noticed about the data, none of it an error.
  public List<Finding> findings() {
    return data.findings();
  }
}
