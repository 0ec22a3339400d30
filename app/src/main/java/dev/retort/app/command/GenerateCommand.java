package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.RunDisplay;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import dev.retort.run.Generating;
import dev.retort.run.RunContext;
import dev.retort.synthesis.StepEstimate;
import dev.retort.synthesis.Syntheses;
import dev.retort.synthesis.Synthesis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `retort generate`: new data from a model behind an API.
@Command(
    name = "generate",
    description = "Have a model behind an API write training data.",
    footerHeading = "%n",
    footer = {
      "Every answer is kept: the same command again asks, and pays, only what is missing.",
      "",
      "  retort generate synthesis.yaml --dry-run",
      "  retort generate synthesis.yaml --budget 5.00"
    })
public final class GenerateCommand implements Subcommand {

  @Parameters(paramLabel = "FILE", description = "The synthesis: a YAML file.")
  private Path file = Path.of("synthesis.yaml");

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Override a setting, as in --set steps[0].count=20. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private SpendingArguments spending = new SpendingArguments();

  @Option(names = "--dry-run", description = "Say what it would cost, and ask nothing.")
  private boolean dryRun;

  @Override
  public ExitCode run(Session session) throws IOException {
    Synthesis synthesis = Syntheses.read(file, overrides);
    session.interruption().resumeWith(session.commandLine(words()));
    RunDisplay display = session.runDisplay();
    RunContext context = session.runContext(display, spending.budget());
    Generating generating = new Generating(context);
    if (dryRun) {
      for (StepEstimate estimate : generating.estimate(synthesis, file)) {
        session.console().print(estimate.toString());
      }
      return ExitCode.OK;
    }
    Generating.Outcome outcome = generating.write(synthesis, file);
    display.endOpen();
    tell(session, outcome);
    return ExitCode.OK;
  }

  private static void tell(Session session, Generating.Outcome outcome) {
    Console console = session.console();
    console.print("%s rows are in %s".formatted(count(outcome.kept()), outcome.rows()));
    if (outcome.left() > 0) {
      console.print(
          "%s were dropped, and are in %s".formatted(count(outcome.left()), outcome.dropped()));
    }
    console.print("%s paid in all; the report is %s".formatted(outcome.paid(), outcome.report()));
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(List.of("generate", file.toString()));
    overrides.forEach(override -> words.addAll(List.of("--set", override)));
    words.addAll(spending.words());
    return words;
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
