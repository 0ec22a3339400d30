package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.RunDisplay;
import dev.retort.app.run.Session;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.run.Distillation;
import dev.retort.run.SequenceLabelling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `retort label`: asks the teacher ahead of training.
@Command(
    name = "label",
    description = "Ask the teachers about all texts; later runs need not.",
    footerHeading = "%n",
    footer =
        "Answers are kept by content: a later run, or this command again, asks only what is new.")
public final class LabelCommand implements Subcommand {

  @Mixin private RecipeArguments recipe = new RecipeArguments();

  @Mixin private WritingArguments writing = new WritingArguments();

  @Override
  public ExitCode run(Session session) throws IOException {
    Recipe read = recipe.read();
    List<String> words = new ArrayList<>(List.of("label"));
    words.addAll(recipe.words());
    words.addAll(writing.words());
    session.interruption().resumeWith(session.commandLine(words));
    RunDisplay display = session.runDisplay();
    for (TeacherSettings teacher : read.lineup().teachers().values()) {
      session.models().folder(teacher.model(), session.downloadDisplay());
    }
    if (writing.file().isPresent()) {
      return write(session, display, read, writing.file().get());
    }
    int answers = new Distillation(session.runContext(display)).label(read, recipe.folder());
    display.endOpen();
    session.console().print(String.format(Locale.ROOT, "%,d answers are in the store", answers));
    return ExitCode.OK;
  }

  private ExitCode write(Session session, RunDisplay display, Recipe read, Path file)
      throws IOException {
    SequenceLabelling.Outcome outcome =
        new SequenceLabelling(session.runContext(display), writing.settings())
            .write(read, recipe.folder(), file);
    display.endOpen();
    session
        .console()
        .print(String.format(Locale.ROOT, "%,d completions are in %s", outcome.kept(), file));
    if (outcome.leftOut() > 0) {
      session
          .console()
          .print(
              String.format(
                  Locale.ROOT,
                  "%,d were cut off or say nothing, and are in %s",
                  outcome.leftOut(),
                  outcome.apart()));
    }
    if (outcome.tooLong() > 0) {
      session
          .console()
          .print(
              String.format(
                  Locale.ROOT,
                  "%,d prompts leave no room for --max-tokens and were not asked",
                  outcome.tooLong()));
    }
    return ExitCode.OK;
  }
}
