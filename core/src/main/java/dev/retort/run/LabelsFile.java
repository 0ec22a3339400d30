package dev.retort.run;

import dev.retort.data.DataChecks;
import dev.retort.data.DataException;
import dev.retort.data.DataSettings;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.data.Labels;
import dev.retort.data.Splits;
import dev.retort.io.Aside;
import dev.retort.label.LabelSettings;
import dev.retort.label.LabelledText;
import dev.retort.label.Votes;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes what teachers behind APIs say about all texts of a recipe's training files into a JSONL
/// file, which can be data of other recipes and tools: text, label, who said so, and how sure they
/// were. Texts without a usable answer lie beside it, with the reasons.
///
/// @param context what the work needs from outside
public record LabelsFile(RunContext context) {

  /// What was written.
  ///
  /// @param labelled texts with a label
  /// @param leftOut texts without a usable answer
  /// @param apart where these lie
  public record Outcome(int labelled, int leftOut, Path apart) {}

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
    List<String> kept = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    Map<String, RemoteLabelling.Labelled> labelled = new RemoteLabelling(context, recipe).ask(data);
    labelled.values().stream()
        .flatMap(said -> said.findings().stream())
        .forEach(finding -> context.listener().noted(finding.toString()));
    labelled.forEach((teacher, said) ->
        said.texts()
            .forEach(text ->
                (text instanceof LabelledText.Known ? kept : leftOut)
                    .add(line(teacher, text, labels))));
    Path apart = SequenceLabelling.apart(file);
    Aside.file(file, aside -> Files.write(aside, kept));
    Aside.file(apart, aside -> Files.write(aside, leftOut));
    return new Outcome(kept.size(), leftOut.size(), apart);
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

  private static String line(String teacher, LabelledText text, Labels labels) {
    Example example = text.example();
    ObjectNode line = JsonMapper.shared().createObjectNode().put("text", example.text());
    example.pair().ifPresent(pair -> line.put("pair", pair));
    switch (text) {
      case LabelledText.Known(_, Votes votes, boolean human) -> {
        line.put("label", labels.name(votes.label())).put("by", human ? "data" : teacher);
        line.put("confidence", votes.confidence()).put("agreement", votes.agreement());
        votes.rationale().ifPresent(why -> line.put("rationale", why));
      }
      case LabelledText.Unknown(_, List<String> reasons) -> {
        line.put("by", teacher);
        reasons.forEach(line.putArray("reasons")::add);
      }
    }
    return line.toString();
  }
}
