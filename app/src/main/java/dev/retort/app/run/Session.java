package dev.retort.app.run;

import dev.retort.api.client.ApiBatches;
import dev.retort.api.client.ApiModels;
import dev.retort.app.exit.UsageException;
import dev.retort.app.terminal.Console;
import dev.retort.hub.Hub;
import dev.retort.hub.Progress;
import dev.retort.ledger.Dollars;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.run.Apis;
import dev.retort.run.Models;
import dev.retort.run.RunContext;
import dev.retort.run.RunListener;
import dev.retort.run.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The surroundings of a command.
///
/// @param console where it writes
/// @param environment the environment variables
/// @param home the user's home folder
/// @param program how the user calls Retort, such as `./retort`
/// @param interruption what happens on Ctrl-C
public record Session(
    Console console,
    Map<String, String> environment,
    Path home,
    String program,
    Interruption interruption) {

  private static final Pattern SAFE = Pattern.compile("[\\w@%+=:,./-]+");

  public Session {
    environment = Map.copyOf(environment);
  }

  /// The surroundings of this process.
  public static Session ofProcess() {
    return new Session(
        Console.system(),
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        System.getProperty("retort.program", "retort"),
        new Interruption());
  }

  /// The same with a console that shows no colours.
  public Session withoutColors() {
    return new Session(console.withoutColors(), environment, home, program, interruption);
  }

  /// Where models come from.
  public Models models() {
    try {
      return Models.fromEnvironment(environment, home);
    } catch (IllegalArgumentException e) {
      throw new UsageException("environment variable " + e.getMessage(), e);
    }
  }

  /// Downloads the models of the teachers of `recipe` that are not behind an API.
  public void download(Recipe recipe) throws IOException {
    for (TeacherSettings teacher : recipe.lineup().teachers().values()) {
      if (!teacher.isRemote()) {
        models().folder(teacher.model(), downloadDisplay());
      }
    }
  }

  /// Where teachers and their answers are kept.
  public Workspace workspace() {
    return Workspace.fromEnvironment(environment, home);
  }

  /// Where other downloads come from.
  public Hub hub() {
    return models().hub();
  }

  /// Shows how a run goes.
  public RunDisplay runDisplay() {
    return new RunDisplay(console, InstantSource.system(), interruption);
  }

  /// Shows how downloads go.
  public Progress downloadDisplay() {
    return new DownloadDisplay(console, InstantSource.system());
  }

  /// What a run that `listener` watches needs from outside its recipe.
  public RunContext runContext(RunListener listener) {
    return runContext(listener, Optional.empty());
  }

  /// The same for a run whose teachers behind APIs may cost no more than `budget`.
  public RunContext runContext(RunListener listener, Optional<Dollars> budget) {
    return new RunContext(
        models(),
        workspace(),
        listener,
        interruption.stop(),
        new Apis(
            (address, settings) -> ApiModels.open(address, settings, this::variable),
            (address, settings) -> ApiBatches.open(address, settings, this::variable),
            budget));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name));
  }

  /// The command line that calls Retort with `arguments`, ready to be pasted into a shell.
  public String commandLine(List<String> arguments) {
    return Stream.concat(Stream.of(program), arguments.stream())
        .map(word -> SAFE.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
