package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.Finding;
import dev.retort.data.SimilarityData;
import dev.retort.hub.Progress;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.MatchedRecipe;
import dev.retort.recipe.Plan;
import dev.retort.recipe.PromptsPlan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Everything that can be known of a run before weights are loaded.
///
/// @param plan the recipe matched with its models
/// @param splits the data, read and checked: training data first, then validation and test data
/// @param findings what the checks noticed about the data, none of it an error
public record Checkup(MatchedRecipe plan, List<Dataset> splits, List<Finding> findings) {

  public Checkup {
    splits = List.copyOf(splits);
    findings = List.copyOf(findings);
  }

  /// Checks `recipe`, whose relative paths start at `recipeFolder`: the data first, since they are
  /// the user's own, then the models, which may have to be downloaded, and the data under their
  /// labels.
  public static Checkup of(Recipe recipe, Path recipeFolder, Models models, Progress progress)
      throws IOException {
    if (recipe.task() == Task.EMBEDDING) {
      SimilarityData data = SimilarityData.read(recipe.data(), recipeFolder);
      return new Checkup(
          models.plan(recipe, progress),
          List.of(data.train(), data.validation().texts(), data.test().texts()),
          data.findings());
    }
    CheckedData read = CheckedData.read(recipe, recipeFolder);
    if (PromptsPlan.fits(recipe)) {
      RemotePrompts prompts = RemotePrompts.read(recipe, recipeFolder, WritingSettings.DEFAULT);
      List<Finding> findings = new ArrayList<>(read.findings());
      findings.add(
          Finding.note(
              String.format(
                  Locale.ROOT, "%,d different prompts would be asked", prompts.all().size())));
      return new Checkup(new PromptsPlan(recipe), read.splits().all(), findings);
    }
    if (recipe.task() == Task.GENERATION) {
      GenerationPlan plan = models.generationPlan(recipe, progress);
      List<Finding> findings = new ArrayList<>(read.findings());
      findings.add(MemoryEstimate.of(plan).finding());
      return new Checkup(plan, read.splits().all(), findings);
    }
    Plan plan = models.plan(recipe, progress);
    CheckedData data = CheckedData.read(plan, recipeFolder);
    Faculty.checkLabels(plan, data.splits().train().labels());
    return new Checkup(plan, data.splits().all(), data.findings());
  }
}
