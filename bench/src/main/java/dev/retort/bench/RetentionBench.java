package dev.retort.bench;

import dev.retort.eval.Measured;
import dev.retort.eval.Predictions;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.run.Apis;
import dev.retort.run.Contest;
import dev.retort.run.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/// Student against baseline over several seeds under one teacher, on one recipe.
///
/// Usage: `RetentionBench RECIPE SEEDS FOLDER [SETTING=VALUE …]`.
public final class RetentionBench {

  private RetentionBench() {}

  /// Runs the contest and prints a row for each seed.
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    List<Long> seeds = LongStream.rangeClosed(1, Long.parseLong(args[1])).boxed().toList();
    List<String> overrides = Arrays.asList(args).subList(3, args.length);
    Recipe recipe = Recipes.read(file, overrides);
    RunContext context = Surroundings.of(Apis.NONE);
    Contest contest =
        new Contest(
            recipe,
            file.toAbsolutePath().resolveSibling("."),
            context.models(),
            context.workspace());
    Contest.Outcome outcome = contest.run(seeds, new EpochLog(), Path.of(args[2]));
    double teacher = accuracy(outcome.teacher());
    System.out.printf(Locale.ROOT, "teacher %.4f%n", teacher);
    double[] differences = new double[outcome.rounds().size()];
    for (int i = 0; i < differences.length; i++) {
      Contest.Round round = outcome.rounds().get(i);
      double student = accuracy(round.student());
      double baseline = accuracy(round.baseline());
      differences[i] = student - baseline;
      System.out.printf(
          Locale.ROOT,
          "seed %d: student %.4f (retention %.4f), baseline %.4f, difference %+.4f%n",
          round.seed(),
          student,
          student / teacher,
          baseline,
          differences[i]);
    }
    report(differences);
  }

  private static void report(double[] differences) {
    Measured difference = SeedInterval.of(differences);
    System.out.printf(
        Locale.ROOT,
        "student − baseline over %d seeds: %+.4f, 95 %% interval [%+.4f, %+.4f]%n",
        differences.length,
        difference.value(),
        difference.low(),
        difference.high());
  }

  private static double accuracy(Predictions predictions) {
    return predictions.right() / (double) predictions.size();
  }
}
