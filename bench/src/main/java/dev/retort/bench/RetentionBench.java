package dev.retort.bench;

import dev.retort.eval.Predictions;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.run.Contest;
import dev.retort.run.Models;
import dev.retort.run.Workspace;
import dev.retort.train.StepReport;
import dev.retort.train.TrainListener;
import dev.retort.train.TrainResult;
import dev.retort.train.Validation;
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
    Path home = Path.of(System.getProperty("user.home"));
    Contest contest =
        new Contest(
            recipe,
            file.toAbsolutePath().resolveSibling("."),
            Models.fromEnvironment(System.getenv(), home),
            Workspace.fromEnvironment(System.getenv(), home));
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
    double mean = Arrays.stream(differences).average().orElseThrow();
    double variance =
        Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum()
            / Math.max(1, differences.length - 1);
    // Student's t for a 95 % interval with 4 degrees of freedom, the five seeds of the benchmark.
    double half = 2.776 * Math.sqrt(variance / differences.length);
    System.out.printf(
        Locale.ROOT,
        "student − baseline over %d seeds: %+.4f, 95 %% interval [%+.4f, %+.4f] (t, for 5 seeds)%n",
        differences.length,
        mean,
        mean - half,
        mean + half);
  }

  private static double accuracy(Predictions predictions) {
    return predictions.right() / (double) predictions.size();
  }

  /// A line for every epoch.
  private static final class EpochLog implements TrainListener {
    private double loss;
    private long tokens;
    private long since = System.nanoTime();

    @Override
    public void stepEnded(StepReport report) {
      loss = report.loss();
      tokens += report.tokens();
    }

    @Override
    public void validated(Validation validation, dev.retort.train.StopSwitch stop) {
      double seconds = (System.nanoTime() - since) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "  %s epoch %d: loss %.4f, score %.4f, %.0f tokens/s, %.1f s%n",
          validation.phase(),
          validation.epoch(),
          loss,
          validation.score(),
          tokens / seconds,
          seconds);
      tokens = 0;
      since = System.nanoTime();
    }

    @Override
    public void ended(TrainResult result) {
      System.out.printf(Locale.ROOT, "%s: %s%n", result.phase(), result.end());
    }
  }
}
