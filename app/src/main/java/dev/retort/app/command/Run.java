package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.RunDisplay;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.eval.Verdict;
import dev.retort.hub.HubException;
import dev.retort.ledger.Dollars;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.report.TerminalTable;
import dev.retort.run.Distillation;
import dev.retort.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A run of a recipe, from the first download to the verdict on the screen.
///
/// @param session where it runs
/// @param recipe what is run
/// @param recipeFolder where the recipe's relative paths start
/// @param budget what its teachers behind APIs may cost
/// @param resume the command that goes on with it after an interruption
record Run(
    Session session, Recipe recipe, Path recipeFolder, Optional<Dollars> budget, String resume) {

  /// Runs the recipe in `folder`, and tells the user how it went.
  ExitCode in(RunFolder folder) throws IOException {
    Console console = session.console();
    console.note("run %s".formatted(folder.root()));
    RunReport report = distilled(folder);
    console.print("");
    console.print(
        TerminalTable.verdict(report, console.columns(), console.hasColors()).stripTrailing());
    console.print("");
    console.print("report   " + folder.reportHtml());
    console.print("student  " + folder.delivered());
    return Verdict.allMet(report.verdicts()) ? ExitCode.OK : ExitCode.NOT_MET;
  }

  private RunReport distilled(RunFolder folder) throws IOException {
    RunDisplay display = session.runDisplay();
    try {
      session.download(recipe);
      session.interruption().resumeWith(resume);
      RunReport report =
          new Distillation(session.runContext(display, budget))
              .distill(recipe, recipeFolder, folder);
      display.endOpen();
      return report;
    } catch (RecipeException | PlanException | DataException | HubException e) {
      discardIfUnused(folder);
      throw e;
    }
  }

  /// A run that could not begin leaves no folder.
  private static void discardIfUnused(RunFolder folder) throws IOException {
    List<Path> files;
    try (Stream<Path> children = Files.list(folder.root())) {
      files = children.toList();
    }
    if (files.equals(List.of(folder.recipe()))) {
      Files.delete(folder.recipe());
      Files.delete(folder.root());
    }
  }
}
