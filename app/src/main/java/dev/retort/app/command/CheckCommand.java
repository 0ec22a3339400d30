package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import dev.retort.data.AugmentSettings;
import dev.retort.data.Dataset;
import dev.retort.model.EncoderConfig;
import dev.retort.model.Pretrained;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.MatchedRecipe;
import dev.retort.recipe.Plan;
import dev.retort.recipe.PromptsPlan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.StudentOrigin;
import dev.retort.recipe.StudentSettings;
import dev.retort.recipe.TeacherSettings;
import dev.retort.run.Checkup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `retort check`: refuses early.
@Command(
    name = "check",
    description = "Find all that is wrong with a recipe and its data, in seconds.",
    footerHeading = "%n",
    footer =
        "Reads the recipe and all data, downloads the teacher if need be, and says what a run"
            + " would do. Exits with 0 if the run can begin.")
public final class CheckCommand implements Subcommand {

  @Mixin private RecipeArguments recipe = new RecipeArguments();

  @Override
  public ExitCode run(Session session) throws IOException {
    Recipe read = recipe.read();
    Checkup checkup =
        Checkup.of(read, recipe.folder(), session.models(), session.downloadDisplay());
    Console console = session.console();
    console.print(
        recipe.file()
            + ": ready "
            + (checkup.plan() instanceof PromptsPlan ? "to be asked" : "to run"));
    models(checkup.plan(), console);
    console.print("  data     " + data(checkup.splits()));
    checkup
        .plan()
        .recipe()
        .data()
        .augment()
        .ifPresent(settings -> console.print("  augment  " + augment(settings)));
    checkup.findings().forEach(finding -> console.print("  " + finding));
    return ExitCode.OK;
  }

  private static void models(MatchedRecipe matched, Console console) {
    switch (matched) {
      case Plan plan -> {
        teachers(plan).forEach(teacher -> console.print("  teacher  " + teacher));
        console.print("  student  " + student(plan));
      }
      case GenerationPlan plan -> {
        plan.teachers()
            .forEach((name, teacher) ->
                console.print(
                    "  teacher  %s, %s"
                        .formatted(
                            plan.recipe().lineup().teacher(name).model(), size(teacher.config()))));
        console.print("  student  " + student(plan));
      }
      case PromptsPlan plan -> {
        console.print(
            "  teacher  %s, asked for completions: `retort label RECIPE --completions FILE`; see --dry-run"
                .formatted(plan.recipe().mainTeacher().model()));
        console.print(
            "  student  none here: it learns from FILE by a recipe without `teacher`, whose `data.train` is FILE");
      }
    }
  }

  private static String size(DecoderConfig config) {
    return String.format(
        Locale.ROOT,
        "%d layers of width %d, %,d tokens, %.1f million weights in products",
        config.layers(),
        config.hiddenSize(),
        config.vocabularySize(),
        config.matrixParameters() / 1e6);
  }

  private static List<String> teachers(Plan plan) {
    List<String> lines = new ArrayList<>();
    for (TeacherSettings settings : plan.recipe().lineup().teachers().values()) {
      Pretrained teacher = plan.teachers().get(lines.size());
      if (settings.isRemote()) {
        lines.add(settings.model() + ", asked for labels; see `retort label --dry-run`");
        continue;
      }
      lines.add(
          "%s, %d layers of width %d%s"
              .formatted(
                  settings.model(),
                  teacher.config().layers(),
                  teacher.config().hiddenSize(),
                  teacher.head().isPresent() || settings.fineTune().isEmpty()
                      ? ""
                      : ", to be fine-tuned on the labels"));
    }
    return lines;
  }

  private static String student(GenerationPlan plan) {
    return plan.recipe()
        .student()
        .lora()
        .map(lora ->
            String.format(
                Locale.ROOT,
                "%s, frozen; adapters of rank %d with %,d weights to train",
                size(plan.student()),
                lora.rank(),
                lora.parameters(plan.student())))
        .orElseGet(() -> size(plan.student()));
  }

  private static String student(Plan plan) {
    StudentSettings settings = plan.recipe().student();
    if (settings.tableIfStatic().isPresent()) {
      return "a table of token vectors, %d dimensions"
          .formatted(settings.tableIfStatic().get().dimensions());
    }
    EncoderConfig size = plan.student();
    String made =
        settings.from() instanceof StudentOrigin.Scratch
            ? "%d new layers".formatted(size.layers())
            : "%s of the %s model".formatted(layers(settings), settings.from());
    return "%s, hidden size %d, %d heads, %d neurons in a layer"
        .formatted(made, size.hiddenSize(), size.heads(), size.intermediateSize());
  }

  private static String layers(StudentSettings settings) {
    return settings.layers().isEmpty()
        ? "all layers"
        : settings.layers().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "layers ", ""));
  }

  private static String augment(AugmentSettings settings) {
    return "%d copies of each training text, words replaced by %s"
        .formatted(settings.copies(), settings.by().recipeName());
  }

  private static String data(List<Dataset> splits) {
    String sizes =
        splits.stream()
            .map(split -> String.format(Locale.ROOT, "%,d %s", split.size(), split.name()))
            .collect(Collectors.joining(", "));
    int classes = splits.getFirst().labels().size();
    return sizes + (classes > 0 ? " examples in %d classes".formatted(classes) : " texts");
  }
}
