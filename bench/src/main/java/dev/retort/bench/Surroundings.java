package dev.retort.bench;

import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.run.Apis;
import dev.retort.run.Distillation;
import dev.retort.run.Models;
import dev.retort.run.RunContext;
import dev.retort.run.RunFolder;
import dev.retort.run.Workspace;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// What runs of a benchmark need from outside: models and workspace as the environment names them,
/// and a line for each epoch.
final class Surroundings {

  private Surroundings() {}

  /// For teachers behind `apis`.
  static RunContext of(Apis apis) {
    Path home = Path.of(System.getProperty("user.home"));
    return new RunContext(
        Models.fromEnvironment(System.getenv(), home),
        Workspace.fromEnvironment(System.getenv(), home),
        new EpochLog(),
        new StopSwitch(),
        apis);
  }

  /// Distils `recipe`, which is in `file`, below `root`; a run that was broken off goes on.
  static RunReport distilled(RunContext context, Path file, Recipe recipe, Path root)
      throws IOException {
    return new Distillation(context)
        .distill(recipe, file.toAbsolutePath().resolveSibling("."), folder(root, recipe));
  }

  private static RunFolder folder(Path root, Recipe recipe) throws IOException {
    Optional<RunFolder> begun = RunFolder.unfinished(root, recipe);
    return begun.isPresent() ? begun.get() : RunFolder.create(root, recipe);
  }
}
