package dev.retort.report;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.report.Generation.Choice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A made-up run of a language model, to test the writers with and to look at.
final class ExampleGenerations {

  private static final String PROMPT =
      "user\nNatalia sold clips to 48 of her friends in April, and then she sold half as many clips in"
          + " May. How many clips did Natalia sell altogether in April and May?\nassistant\n";
  private static final String REFERENCE =
      "Natalia sold 48/2 = 24 clips in May.\nNatalia sold 48+24 = 72 clips altogether in April and"
          + " May.\n#### 72";

  private ExampleGenerations() {}

  /// Writes the example in all formats into the folder that is the first argument, and to the
  /// terminal.
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    HtmlReport.write(report(), folder.resolve("report.html"));
    MarkdownReport.write(report(), folder.resolve("report.md"));
    JsonReport.write(report(), folder.resolve("report.json"));
    System.out.println(TerminalTable.verdict(report(), 80));
  }

  static RunReport report() {
    return TestReports.with(
        List.of(), new Results(models(), List.of(), List.of(), List.of(first(), worst())));
  }

  /// A report in which every text of a generation is this one.
  static RunReport saying(String text) {
    Generation.Text written =
        new Generation.Text(text, Kind.STUDENT, text, 0.5, Optional.of(true), true);
    Generation generation = new Generation(Choice.FIRST, text, text, List.of(written, written));
    return TestReports.with(
        List.of(), new Results(models(), List.of(), List.of(), List.of(generation)));
  }

  private static Generation first() {
    return new Generation(
        Choice.FIRST,
        PROMPT,
        REFERENCE,
        List.of(
            new Generation.Text(
                "teacher",
                Kind.TEACHER,
                "In May, Natalia sold half as many clips as in April: 48 / 2 = 24.\n\nAltogether she"
                    + " sold 48 + 24 = 72 clips.\n#### 72",
                0.52,
                Optional.of(true),
                true),
            new Generation.Text(
                "student",
                Kind.STUDENT,
                "Natalia sold 48/2 = 24 clips in May.\nShe sold 48+24 = 72 clips.\n#### 72",
                0.86,
                Optional.of(true),
                true),
            new Generation.Text(
                "baseline",
                Kind.BASELINE,
                "Natalia sold 48 clips in April and 48 clips in May, and then she sold 48 clips in"
                    + " May, and then she sold 48 clips in",
                0.31,
                Optional.of(false),
                false)));
  }

  private static Generation worst() {
    return new Generation(
        Choice.WORST,
        "user\nWas ist die Hauptstadt von Frankreich? 🇫🇷\nassistant\n",
        "Paris",
        List.of(
            new Generation.Text("teacher", Kind.TEACHER, "Paris.", 1, Optional.of(true), true),
            new Generation.Text("student", Kind.STUDENT, "", 0, Optional.of(false), true),
            new Generation.Text(
                "baseline", Kind.BASELINE, "Lyon ".repeat(30), 0, Optional.of(false), false)));
  }

  private static List<Evaluation> models() {
    return List.of(
        model("teacher", Kind.TEACHER, 1.0),
        model("student", Kind.STUDENT, 0.8),
        model("baseline", Kind.BASELINE, 0.6));
  }

  private static Evaluation model(String name, Kind kind, double quality) {
    Evaluation evaluation =
        Evaluation.of(name, kind)
            .with(
                Map.of(
                    Metric.ACCURACY,
                    Measured.share((int) (7000 * quality), 10_000),
                    Metric.PERPLEXITY,
                    new Measured(9 / quality, 8.7 / quality, 9.4 / quality, 10_000),
                    Metric.EXACT_MATCH,
                    Measured.share((int) (40 * quality), 64),
                    Metric.ROUGE_L,
                    new Measured(0.6 * quality, 0.53 * quality, 0.66 * quality, 64)));
    if (kind == Kind.BASELINE) {
      return evaluation.with(Metric.TEACHER_KL, new Measured(1.12, 1.07, 1.16, 10_000));
    }
    Evaluation timed =
        evaluation
            .with(Metric.FIRST_TOKEN_MS, new Measured(41.2, 39.9, 43.3, 200))
            .with(Metric.TOKENS_PER_SECOND, new Measured(43.2, 42.1, 44.7, 9))
            .with(Metric.BATCH_SAMPLED_TOKENS_PER_SECOND, new Measured(163, 151, 170, 3))
            .with(Metric.RSS_MB, Measured.exactly(712));
    return kind == Kind.TEACHER
        ? timed
        : timed.with(Metric.TEACHER_KL, new Measured(0.31, 0.30, 0.33, 10_000));
  }
}
