package dev.retort.bench;

import dev.retort.eval.Bootstrap;
import dev.retort.eval.Measured;
import dev.retort.eval.PairedOutcomes;
import dev.retort.eval.Predictions;
import dev.retort.run.Fingerprints;
import dev.retort.run.PhaseRunner;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Hinton's experiment on Fashion-MNIST over several seeds: do soft targets help a small network,
/// and do they teach it a class that it never sees?
///
/// Usage: `FashionMnistBench --data FOLDER --out FOLDER [--seeds 5] [--teacher-epochs 30]
/// [--student-epochs 20] [--batch 256] [--learning-rate 1e-3] [--input-dropout 0.2]
/// [--hidden-dropout 0.5] [--jitter 0] [--temperature 20] [--soft-weight 0.9] [--omitted 3]
/// [--train-rows 55000]`. What was trained before with the same settings is not trained again.
public final class FashionMnistBench {

  private static final int VALIDATION_ROWS = 5000;

  private final FashionMnist data;
  private final HintonExperiment.Settings settings;

  private FashionMnistBench(FashionMnist data, HintonExperiment.Settings settings) {
    this.data = data;
    this.settings = settings;
  }

  /// Runs all seeds and prints what they gave.
  public static void main(String[] args) throws IOException {
    Arguments arguments = Arguments.parse(args, List.of("data", "out"), defaults());
    FashionMnist all = FashionMnist.read(arguments.path("data"), VALIDATION_ROWS);
    int rows = Math.min(all.train().size(), arguments.count("train-rows", 1));
    FashionMnist data = new FashionMnist(all.train().slice(0, rows), all.validation(), all.test());
    new FashionMnistBench(data, settings(arguments))
        .run(arguments.count("seeds", 1), arguments.path("out"));
  }

  private static Map<String, String> defaults() {
    return Map.ofEntries(
        Map.entry("seeds", "5"),
        Map.entry("teacher-epochs", "30"),
        Map.entry("student-epochs", "20"),
        Map.entry("batch", "256"),
        Map.entry("learning-rate", "1e-3"),
        Map.entry("input-dropout", "0.2"),
        Map.entry("hidden-dropout", "0.5"),
        Map.entry("jitter", "0"),
        Map.entry("temperature", "20"),
        Map.entry("soft-weight", "0.9"),
        Map.entry("omitted", "3"),
        Map.entry("train-rows", "55000"));
  }

  private static HintonExperiment.Settings settings(Arguments arguments) {
    return new HintonExperiment.Settings(
        arguments.count("teacher-epochs", 1),
        arguments.count("student-epochs", 1),
        arguments.count("batch", 1),
        arguments.positive("learning-rate"),
        arguments.share("input-dropout"),
        arguments.share("hidden-dropout"),
        arguments.count("jitter", 0),
        arguments.positive("temperature"),
        arguments.positive("soft-weight"),
        arguments.count("omitted", 0));
  }

  private void run(int seeds, Path out) throws IOException {
    // Another folder for other settings: a finished phase is believed to be of the same ones.
    String key = Fingerprints.of(settings, data.train().size()).substring(0, 8);
    HintonExperiment experiment =
        new HintonExperiment(
            data,
            settings,
            out.resolve(key),
            new PhaseRunner(List.of(new EpochLog()), new StopSwitch()));
    List<HintonExperiment.Outcome> outcomes = new ArrayList<>();
    for (long seed = 1; seed <= seeds; seed++) {
      outcomes.add(experiment.run(seed));
    }
    System.out.println(settings);
    outcomes.forEach(this::print);
    summarize(outcomes);
  }

  private void print(HintonExperiment.Outcome outcome) {
    Predictions hard = said(outcome.hard());
    Predictions soft = said(outcome.soft());
    Measured gain = PairedOutcomes.of(soft, hard).accuracyDifference(Bootstrap.ofSeed(7));
    System.out.printf(
        Locale.ROOT,
        "seed %d: errors teacher %.2f %%, hard %.2f %%, soft %.2f %%; soft over hard %s%n",
        outcome.seed(),
        100 * error(said(outcome.teacher())),
        100 * error(hard),
        100 * error(soft),
        points(gain));
    ClassBias bias = bias(outcome);
    Predictions before = said(outcome.omitting());
    Predictions after = corrected(outcome);
    System.out.printf(
        Locale.ROOT,
        "  without '%s': finds %.1f %% of it, error %.2f %%; bias %+.2f: finds %.1f %%, error %.2f %%%n",
        FashionMnist.CLASSES.get(settings.omitted()),
        100 * recall(before),
        100 * error(before),
        bias.bias(),
        100 * recall(after),
        100 * error(after));
  }

  private void summarize(List<HintonExperiment.Outcome> outcomes) {
    Measured gain = mean(outcomes, o -> error(said(o.hard())) - error(said(o.soft())));
    Measured gap = mean(outcomes, o -> error(said(o.hard())) - error(said(o.teacher())));
    System.out.printf(Locale.ROOT, "over %d seeds, 95 %% intervals:%n", outcomes.size());
    System.out.printf(Locale.ROOT, "  soft over hard %s%n", points(gain));
    System.out.printf(Locale.ROOT, "  teacher over hard %s%n", points(gap));
    System.out.printf(
        Locale.ROOT, "  share of the gap recovered %.0f %%%n", 100 * gain.value() / gap.value());
    System.out.printf(
        Locale.ROOT,
        "  without '%s': finds %s of it, after correcting the bias %s%n",
        FashionMnist.CLASSES.get(settings.omitted()),
        percent(mean(outcomes, o -> recall(said(o.omitting())))),
        percent(mean(outcomes, o -> recall(corrected(o)))));
  }

  private static Measured mean(
      List<HintonExperiment.Outcome> outcomes, ToDoubleFunction<HintonExperiment.Outcome> value) {
    return SeedInterval.of(outcomes.stream().mapToDouble(value).toArray());
  }

  private Predictions said(HintonExperiment.Answers answers) {
    return Predictions.ofLogits(answers.test(), data.test().labels());
  }

  /// Chosen on images that are neither trained on nor tested.
  private ClassBias bias(HintonExperiment.Outcome outcome) {
    return ClassBias.best(
        outcome.omitting().validation(), data.validation().labels(), settings.omitted());
  }

  private Predictions corrected(HintonExperiment.Outcome outcome) {
    return Predictions.ofLogits(
        bias(outcome).addTo(outcome.omitting().test()), data.test().labels());
  }

  private static double error(Predictions predictions) {
    return 1 - predictions.right() / (double) predictions.size();
  }

  /// The share of the omitted class's test images that are found.
  private double recall(Predictions predictions) {
    int count = 0;
    int right = 0;
    for (int row = 0; row < predictions.size(); row++) {
      if (predictions.label(row) == settings.omitted()) {
        count++;
        right += predictions.isRight(row) ? 1 : 0;
      }
    }
    return right / (double) count;
  }

  private static String points(Measured measured) {
    return "%+.2f points [%+.2f, %+.2f]"
        .formatted(100 * measured.value(), 100 * measured.low(), 100 * measured.high());
  }

  private static String percent(Measured measured) {
    return "%.1f %% [%.1f, %.1f]"
        .formatted(100 * measured.value(), 100 * measured.low(), 100 * measured.high());
  }
}
