package dev.retort.run;

import dev.retort.data.DataChecks;
import dev.retort.data.DataException;
import dev.retort.data.DataSettings;
import dev.retort.data.Dataset;
import dev.retort.data.Finding;
import dev.retort.data.Labels;
import dev.retort.data.Splits;
import dev.retort.io.Aside;
import dev.retort.label.LabelSettings;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.run.Arbitration.Settled;
import dev.retort.run.RemoteLabelling.Labelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/// Writes what teachers behind APIs say about all texts of a recipe's training files into a JSONL
/// file, which can be data of other recipes and tools: text, label, who said so, and how sure they
/// were. Texts without a usable answer lie beside it, with the reasons, and those on which several
/// teachers disagree, with what each said, for people to look at.
///
/// Several teachers have a line each about a text; with a judge, all have one together.
///
/// @param context what the work needs from outside
public record LabelsFile(RunContext context) {

  /// What was written.
  ///
  /// @param labelled texts with a label
  /// @param leftOut texts without a usable answer
  /// @param apart where these lie
  /// @param disputed texts to which teachers gave different labels
  /// @param disagreements where these lie, with what each teacher said
  public record Outcome(int labelled, int leftOut, Path apart, int disputed, Path disagreements) {}

  /// Asks about all texts of `recipe`, whose relative paths start at `recipeFolder`, and writes
  /// `file`. Without a column of labels, those of `teacher.ask.labels` are the labels.
  ///
  /// @throws DataException with all errors in the data
  public Outcome write(Recipe recipe, Path recipeFolder, Path file) throws IOException {
    Plan.requireRemoteFits(recipe);
    Splits all = read(recipe, recipe.data().withoutHeldOut(), recipeFolder);
    Labels labels = all.train().labels();
    // Examples are shown from the training part, as they are in a run: the questions are the same.
    Dataset shown = read(recipe, recipe.data(), recipeFolder).train();
    CheckedData data =
        new CheckedData(
            new Splits(shown, Optional.empty(), Optional.empty(), List.of()),
            List.of(all.train()),
            List.of());
    SequencedMap<String, Labelled> each = new RemoteLabelling(context, recipe).askEach(data);
    Settled settled = new Arbitration(context, recipe).settle(each, labels.names(), Set.of());
    Stream.concat(
            each.values().stream().flatMap(said -> said.findings().stream()),
            settled.findings().stream())
        .forEach(finding -> context.listener().noted(finding.toString()));
    LabelLines lines = new LabelLines(labels, settled);
    if (recipe.judge().isPresent()) {
      lines.addTogether(each);
    } else {
      each.forEach((teacher, said) -> said.texts().forEach(text -> lines.add(teacher, text)));
    }
    return write(file, lines);
  }

  private static Outcome write(Path file, LabelLines lines) throws IOException {
    Path apart = SequenceLabelling.apart(file);
    Path disagreements = SequenceLabelling.beside(file, "disagreements");
    Aside.file(file, aside -> Files.write(aside, lines.kept()));
    Aside.file(apart, aside -> Files.write(aside, lines.leftOut()));
    List<String> disputes = lines.disputes();
    if (disputes.isEmpty()) {
      Files.deleteIfExists(disagreements); // of another time
    } else {
      Aside.file(disagreements, aside -> Files.write(aside, disputes));
    }
    return new Outcome(
        lines.kept().size(), lines.leftOut().size(), apart, disputes.size(), disagreements);
  }

  private static Splits read(Recipe recipe, DataSettings settings, Path folder) throws IOException {
    long seed = recipe.train().seed();
    Splits splits =
        settings.label().isPresent()
            ? Splits.read(settings, folder, seed)
            : Splits.read(settings, folder, seed, Labels.of(named(recipe)));
    List<Finding> errors = DataChecks.check(splits).stream().filter(Finding::isError).toList();
    if (!errors.isEmpty()) {
      throw new DataException(errors);
    }
    return splits;
  }

  private static List<String> named(Recipe recipe) {
    return recipe.lineup().teachers().values().stream()
        .flatMap(
            teacher -> teacher.ask().map(LabelSettings::labels).orElse(Map.of()).keySet().stream())
        .distinct()
        .toList();
  }
}
