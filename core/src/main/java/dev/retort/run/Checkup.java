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
/// @param plan the recipe matched with its teacher
/// @param data the data, read and checked
public record Checkup(Plan plan, CheckedData data) {

  /// Checks `recipe`, whose relative paths start at `recipeFolder`: the data first, since they are
  /// the user's own, then the teacher, which may have to be downloaded.
  public static Checkup of(Recipe recipe, Path recipeFolder, Models models, Progress progress)
      throws IOException {
    CheckedData data = CheckedData.read(recipe, recipeFolder);
    return new Checkup(models.plan(recipe, progress), data);
  }

  /// What the checks noticed about the data, none of it an error.
  public List<Finding> findings() {
    return data.findings();
  }
}
