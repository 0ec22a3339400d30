package dev.retort.report;

import dev.retort.eval.Bootstrap;
import dev.retort.eval.Comparison;
import dev.retort.eval.Cost;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Latency;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.PairedOutcomes;
import dev.retort.eval.Predictions;
import dev.retort.eval.Prices;
import dev.retort.eval.Requirement;
import dev.retort.eval.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A made-up run with realistic numbers, to test the writers with and to look at.
final class ExampleReport {

  private static final int ROWS_PER_CLASS = 80;
  private static final Bootstrap BOOTSTRAP = new Bootstrap(300, 7);

  private static final List<String> CLASSES =
      List.of(
          "card arrival",
          "card linking",
          "exchange rate",
          "cash withdrawal declined",
          "lost or stolen card",
          "pin blocked",
          "top up failed",
          "top up reverted",
          "transfer timing",
          "transfer fee charged",
          "refund not showing up",
          "request refund",
          "direct debit not recognised",
          "verify my identity",
          "unable to verify identity",
          "passcode forgotten",
          "virtual card not working",
          "visa or mastercard",
          "country support",
          "edit personal details",
          "terminate account",
          "age limit",
          "pending card payment",
          "pending transfer",
          "balance not updated",
          "beneficiary refused",
          "contactless not working",
          "compromised card");

  private static final RunReport REPORT = make();

  private ExampleReport() {}

  /// Writes the example in all formats into the folder that is the first argument.
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    HtmlReport.write(report(), folder.resolve("report.html"));
    MarkdownReport.write(report(), folder.resolve("report.md"));
    JsonReport.write(report(), folder.resolve("report.json"));
  }

  static RunReport report() {
    return REPORT;
  }

  private static RunReport make() {
    Models models = new Models();
    Map<Metric, Measured> judged = models.student.measurements();
    List<Verdict> verdicts =
        List.of(
            Requirement.parse("retention", ">= 97%").judge(judged),
            Requirement.parse("p95LatencyMs", "<= 5").judge(judged),
            Requirement.parse("sizeMb", "<= 80").judge(judged));
    return new RunReport(
        new Run("banking-3-layer", "classification", data(), provenance()),
        verdicts,
        models.results(),
        curves(),
        delivery());
  }

  /// Three classifiers that err on much the same rows, as real ones do.
  private static final class Models {
    private final int rows = CLASSES.size() * ROWS_PER_CLASS;
    private final int[] labels = IntStream.range(0, rows).map(i -> i % CLASSES.size()).toArray();
    private final Predictions teacherSays = predictions(0.045, 1.6);
    private final Predictions studentSays = predictions(0.062, 1.2);
    private final Predictions baselineSays = predictions(0.105, 0.9);
    private final Predictions int8Says = predictions(0.064, 1.15);
    private final Evaluation teacher =
        model("teacher", Kind.TEACHER, teacherSays, new double[] {11.2, 133.5, 33_360_000});
    private final Evaluation student =
        model("student", Kind.STUDENT, studentSays, new double[] {1.82, 69.4, 17_360_000});
    private final Evaluation baseline =
        model("baseline", Kind.BASELINE, baselineSays, new double[] {1.83, 69.4, 17_360_000});
    private final Evaluation int8 =
        model("student int8", Kind.COMPRESSED, int8Says, new double[] {1.12, 17.6, 17_360_000});

    Results results() {
      PairedOutcomes gain = PairedOutcomes.of(studentSays, baselineSays);
      Disagreement.Rows texts =
          new Disagreement.Rows(IntStream.range(0, rows).mapToObj(this::text).toList(), CLASSES);
      return new Results(
          List.of(teacher, student, baseline, int8),
          List.of(
              new Comparison(
                  "student", "baseline", Metric.ACCURACY, gain.accuracyDifference(BOOTSTRAP))),
          Disagreement.worst(texts, teacherSays, studentSays, 6));
    }

    private Evaluation model(String name, Kind kind, Predictions says, double[] facts) {
      Latency latency = latency(facts[0]);
      Evaluation evaluation =
          Evaluation.of(name, kind)
              .withClassification(says, CLASSES, BOOTSTRAP)
              .with(latency.measurements())
              .with(Metric.SIZE_MB, Measured.exactly(facts[1]))
              .with(Metric.PARAMETERS, Measured.exactly(facts[2]));
      return kind == Kind.TEACHER
          ? evaluation
          : evaluation
              .with(PairedOutcomes.of(says, teacherSays).measurements(BOOTSTRAP))
              .with(
                  Cost.of(new Prices(0.08, 0.40, 0), latency.throughput(), OptionalDouble.of(0.07))
                      .measurements());
    }

    private Predictions predictions(double error, double sharpness) {
      SplittableRandom hardness = new SplittableRandom(3);
      SplittableRandom noise = new SplittableRandom(Math.round(error * 1e6));
      float[][] logits = new float[rows][CLASSES.size()];
      for (int row = 0; row < rows; row++) {
        int label = labels[row];
        double difficulty = 0.75 * hardness.nextDouble() + 0.25 * noise.nextDouble();
        boolean wrong = difficulty > 1 - error * (0.4 + 1.2 * label / CLASSES.size()) - 0.055;
        int chosen = wrong ? (label + 1 + (row / 7) % 3) % CLASSES.size() : label;
        logits[row][label] = (float) (1.5 + sharpness);
        logits[row][chosen] = (float) (3.2 + 2.4 * sharpness * noise.nextDouble());
      }
      return Predictions.ofLogits(logits, labels);
    }

    private String text(int row) {
      return "I was charged when my %s went through twice, and the app still says \"%s\" — why?"
          .formatted(CLASSES.get(labels[row]), CLASSES.get((labels[row] + 1) % CLASSES.size()));
    }
  }

  private static Latency latency(double milliseconds) {
    SplittableRandom random = new SplittableRandom(5);
    long[] nanos =
        IntStream.range(0, 1500)
            .mapToLong(
                i -> (long) (milliseconds * 1e6 * (0.93 - 0.04 * Math.log(random.nextDouble()))))
            .toArray();
    return Latency.ofNanos(nanos, 1, BOOTSTRAP);
  }

  private static List<LearningCurve> curves() {
    return List.of(
        curve("teacher fine-tuning", Kind.TEACHER, new double[] {3.3, 0.12, 90, 0.942}),
        curve("student", Kind.STUDENT, new double[] {4.1, 0.35, 110, 0.926}),
        curve("baseline", Kind.BASELINE, new double[] {3.3, 0.2, 130, 0.89}));
  }

  private static LearningCurve curve(String phase, Kind kind, double[] shape) {
    SplittableRandom random = new SplittableRandom(phase.length());
    List<LearningCurve.Point> loss = new ArrayList<>();
    List<LearningCurve.Point> validation = new ArrayList<>();
    for (int step = 1; step <= 640; step++) {
      double decay = Math.exp(-step / shape[2]);
      double mean = shape[1] + (shape[0] - shape[1]) * decay;
      loss.add(new LearningCurve.Point(step, mean * (0.85 + 0.3 * random.nextDouble())));
      if (step % 64 == 0) {
        double reached = shape[3] * (1 - 0.8 * decay) - 0.004 * random.nextDouble();
        validation.add(new LearningCurve.Point(step, reached));
      }
    }
    return new LearningCurve(
        phase, kind, loss, Optional.of(new LearningCurve.Validation(Metric.ACCURACY, validation)));
  }

  private static DataSummary data() {
    return new DataSummary(
        List.of(
            new DataSummary.Split("train", 9003, "9f2c4c1e".repeat(8)),
            new DataSummary.Split("validation", 1000, "51bb03aa".repeat(8)),
            new DataSummary.Split("test", 2240, "e07d11c8".repeat(8))),
        Optional.of(new DataSummary.Balance(CLASSES.size(), 35, 187)),
        List.of("3 test texts also occur in train; they were left out of train."));
  }

  private static Provenance provenance() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("Retort", "0.1.0");
    versions.put("JDK", "25.0.1+8 (Temurin)");
    versions.put("libtorch", "2.10.0");
    versions.put("ONNX Runtime", "1.28.0");
    Map<String, Duration> phases = new LinkedHashMap<>();
    phases.put("teacher fine-tuning", Duration.ofSeconds(141));
    phases.put("student", Duration.ofSeconds(72));
    phases.put("baseline", Duration.ofSeconds(49));
    phases.put("evaluation and export", Duration.ofSeconds(23));
    String recipe =
        """
        name: banking-3-layer
        task: classification
        student: {from: teacher, layers: [3, 7, 11]}
        objective:
          - {use: forward-kl, temperature: 4.0, weight: 0.7}
          - {use: cross-entropy, weight: 0.3}
        require: {retention: ">= 97%", p95LatencyMs: "<= 5", sizeMb: "<= 80"}
        """;
    return new Provenance(
        recipe,
        "c3a1f0d2".repeat(8),
        Map.of("training", 7L),
        new Environment(versions, Optional.of("669f8c1d"), "AMD EPYC 9R14 (AVX512-BF16)", 2),
        new Timing(
            Instant.parse("2026-11-20T09:12:03Z"), Instant.parse("2026-11-20T09:16:55Z"), phases));
  }

  private static Delivery delivery() {
    return new Delivery(
        List.of(
            new Delivery.Artefact("student/model.safetensors", 69_402_112, "b44e91c7".repeat(8)),
            new Delivery.Artefact("export/model.onnx", 69_513_001, "0d5ae2f9".repeat(8)),
            new Delivery.Artefact("export/model-int8.onnx", 17_602_455, "77c0b6d3".repeat(8))),
        List.of(
            new Delivery.NextStep(
                "Serve the student over HTTP", "retort serve runs/banking-3-layer-a1b2/export"),
            new Delivery.NextStep(
                "Classify a text with it",
                "retort classify runs/banking-3-layer-a1b2/export \"where is my card?\"")));
  }
}
