package dev.retort.bench;

import dev.retort.run.Apis;
import dev.retort.run.Models;
import dev.retort.run.RunContext;
import dev.retort.run.Workspace;
import dev.retort.train.StopSwitch;
import java.nio.file.Path;

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
}
