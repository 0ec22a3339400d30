package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.recipe.Recipe;
import dev.retort.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `retort distill`: from a recipe to a judged student.
@Command(
    name = "distill",
    description = "Train a student as a recipe says, measure it, and judge it.",
    footerHeading = "%n",
    footer = {
      "Ctrl-C ends the run after the current step; --resume goes on from there, to the same"
          + " student that an uninterrupted run gives.",
      "",
      "  retort distill recipe.yaml --set train.epochs=3"
    })
public final class DistillCommand implements Subcommand {

  private static final String RUNS = "runs";

  @Mixin private RecipeArguments recipe = new RecipeArguments();

  @Mixin private SpendingArguments spending = new SpendingArguments();

  @Option(names = "--resume", description = "Go on with the latest unfinished run of this recipe.")
  private boolean resume;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "Where the folder of the run is made (default: ${DEFAULT-VALUE}).")
  private Path runs = Path.of(RUNS);

  @Override
  public ExitCode run(Session session) throws IOException {
    Recipe read = recipe.read();
    Optional<RunFolder> unfinished = RunFolder.unfinished(runs, read);
    if (resume && unfinished.isEmpty()) {
      throw new UsageException(
          "%s: there is no unfinished run of exactly this recipe; leave out --resume to begin one"
              .formatted(runs));
    }
    unfinished
        .filter(_ -> !resume)
        .ifPresent(folder ->
            session.console().note(folder.root() + " is unfinished; --resume goes on with it"));
    return new Run(
            session, read, recipe.folder(), spending.budget(), session.commandLine(resumeWords()))
        .in(resume ? unfinished.orElseThrow() : RunFolder.create(runs, read));
  }

  private List<String> resumeWords() {
    List<String> words = new ArrayList<>(List.of("distill"));
    words.addAll(recipe.words());
    words.addAll(spending.words());
    if (!runs.equals(Path.of(RUNS))) {
      words.addAll(List.of("--runs", runs.toString()));
    }
    words.add("--resume");
    return words;
  }
}
