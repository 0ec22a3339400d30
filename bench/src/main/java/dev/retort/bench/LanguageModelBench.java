package dev.retort.bench;

import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.RunReport;
import dev.retort.run.Apis;
import dev.retort.run.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Whether a teacher helps a language model: a student under its teacher against the same one that
/// learns from the completions alone, after equally many tokens, over several seeds.
///
/// Usage: `LanguageModelBench RECIPE FOLDER SEEDS [SETTING=VALUE …]` with seeds such as `1,2,3`. A
/// run that was broken off goes on where it was.
public final class LanguageModelBench {

  private static final List<Metric> METRICS =
      List.of(Metric.PERPLEXITY, Metric.AGREEMENT, Metric.TEACHER_KL);
  private static final List<Kind> KINDS = List.of(Kind.TEACHER, Kind.STUDENT, Kind.BASELINE);

  private LanguageModelBench() {}

  /// Runs all seeds, and prints a row for each and what the teacher adds.
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    RunContext context = Surroundings.of(Apis.NONE);
    Map<Metric, List<Double>> added = new EnumMap<>(Metric.class);
    for (String seed : args[2].split(",", -1)) {
      List<String> overrides = new ArrayList<>(Arrays.asList(args).subList(3, args.length));
      overrides.add("train.seed=" + seed);
      Recipe recipe = Recipes.read(file, overrides);
      RunReport report = Surroundings.distilled(context, file, recipe, Path.of(args[1]));
      row(seed, report);
      for (Metric metric : METRICS) {
        measured(report, Kind.STUDENT, metric)
            .flatMap(
                student -> measured(report, Kind.BASELINE, metric).map(alone -> student - alone))
            .ifPresent(difference ->
                added.computeIfAbsent(metric, _ -> new ArrayList<>()).add(difference));
      }
    }
    added.forEach(LanguageModelBench::difference);
  }

  private static void row(String seed, RunReport report) {
    StringBuilder row = new StringBuilder("seed " + seed);
    for (Kind kind : KINDS) {
      row.append("; ").append(kind.name().toLowerCase(Locale.ROOT));
      for (Metric metric : METRICS) {
        measured(report, kind, metric)
            .ifPresent(value ->
                row.append(String.format(Locale.ROOT, " %s %.4f", metric.recipeName(), value)));
      }
    }
    System.out.println(row);
  }

  private static Optional<Double> measured(RunReport report, Kind kind, Metric metric) {
    return report.results().measurement(kind, metric).map(Measured::value);
  }

  private static void difference(Metric metric, List<Double> differences) {
    if (differences.size() < 2) {
      return;
    }
    Measured mean =
        SeedInterval.of(differences.stream().mapToDouble(Double::doubleValue).toArray());
    System.out.printf(
        Locale.ROOT,
        "%s, student − baseline: %+.4f [%+.4f, %+.4f]%n",
        metric.recipeName(),
        mean.value(),
        mean.low(),
        mean.high());
  }
}
