package dev.retort.app.command;

import dev.retort.app.demo.DemoFolder;
import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.io.Aside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `retort init`: a recipe to begin with.
@Command(
    name = "init",
    description = "Begin a task: write a commented recipe into a folder.",
    footerHeading = "%n",
    footer = "  retort init classification my-task")
public final class InitCommand implements Subcommand {

  @Parameters(
      index = "0",
      paramLabel = "TEMPLATE",
      description =
          "What to begin with: classification, pair, demo, from-an-api, language-model, chat,"
              + " embedder, or another of the recipes.")
  private String template = "";

  @Parameters(index = "1", paramLabel = "DIR", description = "The folder, made if need be.")
  private Path folder = Path.of("");

  @Override
  public ExitCode run(Session session) throws IOException {
    Template chosen = Template.named(template);
    Path recipe = folder.resolve("recipe.yaml");
    Path readme = folder.resolve("README.md");
    for (Path file : List.of(recipe, readme)) {
      if (Files.exists(file)) {
        throw new UsageException(file + " exists; choose another folder or delete it first");
      }
    }
    if (chosen == Template.DEMO) {
      new DemoFolder(folder).writeData(session.hub(), session.downloadDisplay());
    }
    String text = chosen.recipe();
    Aside.file(recipe, aside -> Files.writeString(aside, text));
    Aside.file(readme, aside -> Files.writeString(aside, readme(recipe, chosen)));
    session.console().print("wrote " + recipe);
    session.console().print("next: " + chosen.data() + ", then");
    session.console().print("  " + session.commandLine(List.of("check", recipe.toString())));
    session.console().print("  " + session.commandLine(List.of("distill", recipe.toString())));
    return ExitCode.OK;
  }

  private static String readme(Path recipe, Template template) {
    return """
    # %s

    A task for Retort. First: %s. `retort check %s` finds what is wrong,
    `retort distill %s` trains the student.
    """
        .formatted(template, template.data(), recipe.getFileName(), recipe.getFileName());
  }
}
