package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.Session;
import dev.retort.recipe.Recipes;
import dev.retort.synthesis.Syntheses;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `retort reference`: the documentation of recipes, made from the records that hold them.
@Command(
    name = "reference",
    hidden = true,
    description = "Print the reference of all settings of a recipe, as Markdown.")
public final class ReferenceCommand implements Subcommand {

  @Option(names = "--schema", description = "Print the JSON Schema of a recipe instead.")
  private boolean schema;

  @Option(names = "--synthesis", description = "Print the reference of a synthesis instead.")
  private boolean synthesis;

  @Override
  public ExitCode run(Session session) {
    String recipe = schema ? Recipes.schema() : Recipes.reference();
    session.console().print((synthesis ? Syntheses.reference() : recipe).stripTrailing());
    return ExitCode.OK;
  }
}
