package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.RunDisplay;
import dev.retort.app.run.Session;
import dev.retort.ledger.Estimate;
import dev.retort.recipe.PromptsPlan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.run.Distillation;
import dev.retort.run.LabelsFile;
import dev.retort.run.RemoteCompletions;
import dev.retort.run.RunContext;
import dev.retort.run.SequenceLabelling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `retort label`: asks the teacher ahead of training.
@Command(
    name = "label",
    description = "Ask the teachers about all texts; later runs need not.",
    footerHeading = "%n",
    footer = {
      "Answers are kept by content: a later run, or this command again, asks only what is new.",
      "",
      "  retort label recipe.yaml --dry-run",
      "  retort label recipe.yaml --budget 5.00 --completions written.jsonl",
      "  retort label recipe.yaml --budget 5.00 --labels labelled.jsonl"
    })
public final class LabelCommand implements Subcommand {

  @Mixin private RecipeArguments recipe = new RecipeArguments();

  @Mixin private SpendingArguments spending = new SpendingArguments();

  @Option(
      names = "--dry-run",
      description = "For teachers behind an API: say what asking would cost, and ask nothing.")
  private boolean dryRun;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "For teachers behind an API: write the labels of all training texts into this JSONL file.")
  private Optional<Path> labels = Optional.empty();

  @Mixin private WritingArguments writing = new WritingArguments();

  @Override
  public ExitCode run(Session session) throws IOException {
    Recipe read = recipe.read();
    session.interruption().resumeWith(session.commandLine(words()));
    RunDisplay display = session.runDisplay();
    RunContext context = session.runContext(display, spending.budget());
    checkRemote(read);
    if (labels.isPresent()) {
      return writeLabels(session, display, context, read, labels.get());
    }
    session.download(read);
    if (dryRun) {
      return estimate(session, display, context, read);
    }
    if (writing.file().isPresent()) {
      return writeCompletions(session, display, context, read, writing.file().get());
    }
    int answers = new Distillation(context).label(read, recipe.folder());
    display.endOpen();
    session.console().print(count(answers) + " answers are in the store");
    return ExitCode.OK;
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(List.of("label"));
    words.addAll(recipe.words());
    words.addAll(spending.words());
    labels.ifPresent(file -> words.addAll(List.of("--labels", file.toString())));
    words.addAll(writing.words());
    return words;
  }

  private void checkRemote(Recipe read) {
    boolean remote = read.lineup().teachers().values().stream().anyMatch(TeacherSettings::isRemote);
    if (!remote && (dryRun || labels.isPresent())) {
      throw new UsageException(
          "%s is for teachers behind an API, and the recipe has none; leave it out"
              .formatted(dryRun ? "--dry-run" : "--labels"));
    }
  }

  private ExitCode estimate(Session session, RunDisplay display, RunContext context, Recipe read)
      throws IOException {
    Map<String, Estimate> estimates =
        PromptsPlan.fits(read)
            ? Map.of(
                read.lineup().mainName(),
                new RemoteCompletions(context, writing.settings()).estimate(read, recipe.folder()))
            : new Distillation(context).estimate(read, recipe.folder());
    display.endOpen();
    estimates.forEach((teacher, estimate) -> session.console().print(teacher + ": " + estimate));
    return ExitCode.OK;
  }

  private ExitCode writeLabels(
      Session session, RunDisplay display, RunContext context, Recipe read, Path file)
      throws IOException {
    LabelsFile.Outcome outcome = new LabelsFile(context).write(read, recipe.folder(), file);
    display.endOpen();
    session
        .console()
        .print("%s labelled texts are in %s".formatted(count(outcome.labelled()), file));
    if (outcome.leftOut() > 0) {
      session
          .console()
          .print(
              "%s have no usable answer, and are in %s"
                  .formatted(count(outcome.leftOut()), outcome.apart()));
    }
    if (outcome.disputed() > 0) {
      session
          .console()
          .print(
              "teachers disagree on %s texts, which are in %s for people to look at"
                  .formatted(count(outcome.disputed()), outcome.disagreements()));
    }
    return ExitCode.OK;
  }

  private ExitCode writeCompletions(
      Session session, RunDisplay display, RunContext context, Recipe read, Path file)
      throws IOException {
    SequenceLabelling.Outcome outcome =
        new SequenceLabelling(context, writing.settings()).write(read, recipe.folder(), file);
    display.endOpen();
    session.console().print("%s completions are in %s".formatted(count(outcome.kept()), file));
    if (outcome.leftOut() > 0) {
      session
          .console()
          .print(
              "%s were cut off, declined or say nothing, and are in %s"
                  .formatted(count(outcome.leftOut()), outcome.apart()));
    }
    if (outcome.tooLong() > 0) {
      session
          .console()
          .print(
              count(outcome.tooLong())
                  + " prompts leave no room for --max-tokens and were not asked");
    }
    return ExitCode.OK;
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
