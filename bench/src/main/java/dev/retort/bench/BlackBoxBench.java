package dev.retort.bench;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.data.DataSettings;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Splits;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.run.Apis;
import dev.retort.run.Contest;
import dev.retort.run.RunContext;
import dev.retort.runtime.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;

/// What a teacher that says nothing but labels is worth where a tenth of the texts has a label: the
/// student on that tenth alone, with the teacher's labels for the rest, and on all labels; and
/// whether texts that the student chooses are worth more than as many random ones. Labels that are
/// there stand: with all labels nobody is asked about training texts.
///
/// Usage: `BlackBoxBench RECIPE TEACHER FOLDER SEEDS`, where `TEACHER` is an exported ONNX folder
/// that takes the place of a model behind an API, and `RECIPE` one like `recipes/from-an-api.yaml`
/// on data whose rows all have labels.
public final class BlackBoxBench {

  private static final int SHARE = 10;

  private final Path recipe;
  private final Path folder;
  private final Apis apis;

  private BlackBoxBench(Path recipe, Path folder, Apis apis) {
    this.recipe = recipe;
    this.folder = folder;
    this.apis = apis;
  }

  /// Runs all of it and prints a table.
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[2]));
    try (Classifier teacher = Classifier.open(Path.of(args[1]))) {
      Apis apis = new Apis((_, _) -> new LabelsOnly(teacher), Optional.empty());
      BlackBoxBench bench = new BlackBoxBench(Path.of(args[0]), folder, apis);
      List<Row> rows = new ArrayList<>();
      for (long seed = 1; seed <= Long.parseLong(args[3]); seed++) {
        rows.add(bench.row(seed));
        System.out.println(rows.getLast());
      }
      print("teacher's labels for the rest over labels alone", rows, r -> r.api() - r.tenth());
      print("all labels over the teacher's labels for the rest", rows, r -> r.all() - r.api());
      print("margin over random", rows, r -> r.margin() - r.random());
      print("errors over random", rows, r -> r.errors() - r.random());
    }
  }

  /// Accuracies on the test set.
  private record Row(
      long seed,
      double teacher,
      double tenth,
      double api,
      double all,
      double random,
      double margin,
      double errors) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |",
          seed,
          100 * teacher,
          100 * tenth,
          100 * api,
          100 * all,
          100 * random,
          100 * margin,
          100 * errors);
    }
  }

  private Row row(long seed) throws IOException {
    Path some = tenth(seed);
    Contest.Outcome api = contest(seed, some, "tenth");
    return new Row(
        seed,
        accuracy(api.teacher()),
        accuracy(api.rounds().getFirst().baseline()),
        accuracy(api.rounds().getFirst().student()),
        student(seed, original(), "all"),
        student(seed, some, "random", rounds("random")),
        student(seed, some, "margin", rounds("margin")),
        student(seed, some, "errors", rounds("errors")));
  }

  private Contest.Outcome contest(long seed, Path train, String name) throws IOException {
    RunContext context = Surroundings.of(apis);
    return new Contest(
            read(seed, train, name),
            recipe.toAbsolutePath().resolveSibling("."),
            context.models(),
            context.workspace(),
            context.apis())
        .run(List.of(seed), new EpochLog(), folder.resolve(name));
  }

  private static String rounds(String select) {
    return "rounds={first: 300, each: 300, most: 4, gain: -1, select: %s}".formatted(select);
  }

  private double student(long seed, Path train, String name, String... settings)
      throws IOException {
    RunContext context = Surroundings.of(apis);
    List<String> overrides = new ArrayList<>(List.of("baseline=false", "require={}"));
    overrides.addAll(List.of(settings));
    Recipe read = read(seed, train, name + "-" + seed, overrides.toArray(String[]::new));
    return Surroundings.distilled(context, recipe, read, folder)
        .results()
        .measurement(Kind.STUDENT, Metric.ACCURACY)
        .map(Measured::value)
        .orElseThrow();
  }

  private Recipe read(long seed, Path train, String name, String... more) {
    List<String> overrides = new ArrayList<>(List.of(more));
    overrides.add("name=" + name);
    overrides.add("train.seed=" + seed);
    overrides.add("data.train=" + train.toAbsolutePath());
    return Recipes.read(recipe, overrides);
  }

  private Path original() {
    return recipe.toAbsolutePath().resolveSibling(Recipes.read(recipe, List.of()).data().train());
  }

  /// The training data with a label in every tenth row of each class.
  private Path tenth(long seed) throws IOException {
    Recipe whole = Recipes.read(recipe, List.of());
    DataSettings settings = whole.data().withoutHeldOut();
    Dataset train =
        Splits.read(settings, recipe.toAbsolutePath().resolveSibling("."), seed).train();
    List<Example> examples = new ArrayList<>(train.examples());
    Collections.shuffle(examples, new Random(seed));
    Map<Integer, Integer> seen = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (Example example : examples) {
      boolean known = seen.merge(example.label(), 1, Integer::sum) % SHARE == 1;
      lines.add(
          JsonMapper.shared()
              .createObjectNode()
              .put(settings.text(), example.text())
              .put(
                  settings.label().orElseThrow(), known ? train.labels().name(example.label()) : "")
              .toString());
    }
    return Files.write(folder.resolve("tenth-%d.jsonl".formatted(seed)), lines);
  }

  private static double accuracy(Predictions predictions) {
    return predictions.right() / (double) predictions.size();
  }

  private static void print(String what, List<Row> rows, ToDoubleFunction<Row> value) {
    Measured mean = SeedInterval.of(rows.stream().mapToDouble(value).toArray());
    System.out.printf(
        Locale.ROOT,
        "%s: %+.2f points [%+.2f, %+.2f]%n",
        what,
        100 * mean.value(),
        100 * mean.low(),
        100 * mean.high());
  }

  /// A model that answers with the label of the last turn, and says nothing else.
  private record LabelsOnly(Classifier classifier) implements ChatModel {

    @Override
    public String name() {
      return "labels-only";
    }

    @Override
    public String identity() {
      return "bench:labels-only";
    }

    @Override
    public ChatAnswer answer(ChatRequest request) {
      String label = classifier.classify(request.turns().getLast().text()).label();
      return new ChatAnswer(label, Finish.STOP, Usage.NONE, name(), "", List.of());
    }

    @Override
    public void close() {
      // the classifier is shared
    }
  }
}
