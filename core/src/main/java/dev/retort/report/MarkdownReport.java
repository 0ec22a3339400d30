package dev.retort.report;

import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The report as Markdown, for a pull request or a wiki: the same findings as the page, in tables.
public final class MarkdownReport {

  private static final int CLASSES_SHOWN = 10;

  private final StringBuilder out = new StringBuilder();

  private MarkdownReport() {}

  /// Writes the text to `file`, which is replaced as a whole.
  public static void write(RunReport report, Path file) throws IOException {
    WholeFile.write(file, render(report));
  }

  /// The report as text.
  public static String render(RunReport report) {
    MarkdownReport markdown = new MarkdownReport();
    markdown.verdict(report);
    markdown.models(report.results());
    markdown.classes(report.results());
    markdown.disagreements(report.results());
    if (!report.results().generations().isEmpty()) {
      markdown.out.append(MarkdownGenerations.render(report.results().generations()));
    }
    markdown.rounds(report.run().rounds());
    markdown.data(report.run().data());
    markdown.delivery(report.delivery());
    markdown.provenance(report.run().provenance());
    return markdown.out.toString();
  }

  private void verdict(RunReport report) {
    line("# " + escape(report.run().name()));
    line("**" + escape(Headline.of(report)) + "**");
    if (report.verdicts().isEmpty()) {
      return;
    }
    table(
        List.of("", "requirement", "limit", "measured"),
        report.verdicts().stream().map(MarkdownReport::row).toList());
  }

  private static List<String> row(Verdict verdict) {
    Mark mark = Mark.of(verdict);
    Metric metric = verdict.requirement().metric();
    String measured = verdict.measurement().map(m -> Format.full(metric, m)).orElse("not measured");
    return List.of(
        mark.symbol() + " " + mark.word(),
        metric.label(),
        Format.limit(verdict.requirement()),
        measured);
  }

  private void models(Results results) {
    if (results.evaluations().isEmpty()) {
      return;
    }
    line("## Side by side");
    for (Comparison comparison : results.comparisons()) {
      line(
          "%s − %s: %s of %s on the same rows. %s"
              .formatted(
                  escape(comparison.first()),
                  escape(comparison.second()),
                  Format.difference(comparison.metric(), comparison.difference()),
                  comparison.metric().label(),
                  escape(ModelSection.conclusion(comparison))));
    }
    List<String> headers = new ArrayList<>(List.of(""));
    results.evaluations().forEach(model -> headers.add(escape(model.name())));
    table(headers, results.metrics().stream().map(metric -> row(metric, results)).toList());
  }

  private static List<String> row(Metric metric, Results results) {
    List<String> cells = new ArrayList<>(List.of(metric.label()));
    for (Evaluation model : results.evaluations()) {
      cells.add(model.measurement(metric).map(m -> Format.full(metric, m)).orElse("–"));
    }
    return cells;
  }

  private void rounds(List<Round> rounds) {
    if (rounds.isEmpty()) {
      return;
    }
    line("## Rounds");
    table(
        List.of("round", "texts chosen by", "labelled", "asked", "accuracy", "paid"),
        rounds.stream().map(RoundSection::cells).toList());
  }

  private void classes(Results results) {
    List<ClassRow> rows = ClassRow.of(results);
    if (rows.isEmpty()) {
      return;
    }
    line("## Classes that lost most");
    List<Kind> kinds = List.copyOf(rows.getFirst().f1().keySet());
    List<String> headers = new ArrayList<>(List.of("class", "rows"));
    kinds.forEach(kind -> headers.add(kind.name().toLowerCase(Locale.ROOT) + " F1"));
    List<List<String>> cells = new ArrayList<>();
    for (ClassRow row : rows.subList(0, Math.min(CLASSES_SHOWN, rows.size()))) {
      List<String> line = new ArrayList<>(List.of(escape(row.name()), "" + row.support()));
      row.f1().values().forEach(f1 -> line.add(Format.rounded(f1, 2)));
      cells.add(line);
    }
    table(headers, cells);
  }

  private void disagreements(Results results) {
    if (results.disagreements().isEmpty()) {
      return;
    }
    line("## Worst disagreements");
    table(
        List.of("text", "label", "teacher", "student"),
        results.disagreements().stream()
            .map(d ->
                List.of(
                    escape(DisagreementSection.shortened(d.text())),
                    escape(d.label()),
                    answer(d.teacher()),
                    answer(d.student())))
            .toList());
  }

  private static String answer(Disagreement.Answer answer) {
    return escape(answer.label()) + " " + Format.probability(answer.probability());
  }

  private void data(DataSummary data) {
    if (data.splits().isEmpty()) {
      return;
    }
    line("## Data");
    data.balance().ifPresent(balance -> line(RunSection.describe(balance)));
    data.warnings().forEach(warning -> line("⚠ " + escape(warning)));
    table(
        List.of("split", "rows", "SHA-256"),
        data.splits().stream()
            .map(s -> List.of(escape(s.name()), Format.whole(s.rows()), escape(s.sha256())))
            .toList());
  }

  private void delivery(Delivery delivery) {
    if (!delivery.files().isEmpty()) {
      line("## Files");
      table(
          List.of("file", "size", "SHA-256"),
          delivery.files().stream()
              .map(f -> List.of(escape(f.path()), Format.bytes(f.bytes()), escape(f.sha256())))
              .toList());
    }
    if (!delivery.nextSteps().isEmpty()) {
      line("## Next");
      delivery
          .nextSteps()
          .forEach(step -> line(escape(step.purpose()) + "\n\n" + code(step.command())));
    }
  }

  private void provenance(Provenance provenance) {
    line("## Provenance");
    List<List<String>> rows = new ArrayList<>();
    Environment environment = provenance.environment();
    rows.add(List.of("started", provenance.timing().started().toString()));
    rows.add(List.of("finished", provenance.timing().finished().toString()));
    rows.add(
        List.of(
            "processor", escape(environment.processor()) + ", " + environment.cores() + " cores"));
    rows.add(List.of("teacher fingerprint", escape(provenance.teacherFingerprint())));
    environment.commit().ifPresent(commit -> rows.add(List.of("commit", escape(commit))));
    environment
        .versions()
        .forEach((name, version) -> rows.add(List.of(escape(name), escape(version))));
    provenance
        .seeds()
        .forEach((name, seed) -> rows.add(List.of("seed: " + escape(name), "" + seed)));
    table(List.of("", ""), rows);
    line(code(provenance.recipe().strip()));
  }

  private void line(String text) {
    out.append(text).append("\n\n");
  }

  private void table(List<String> headers, List<List<String>> rows) {
    out.append("| ").append(String.join(" | ", headers)).append(" |\n");
    out.append(headers.stream().map(_ -> "|---").collect(Collectors.joining())).append("|\n");
    rows.forEach(row -> out.append("| ").append(String.join(" | ", row)).append(" |\n"));
    out.append('\n');
  }

  /// Indented code, which no text can break out of as it could of a fence.
  private static String code(String text) {
    return text.lines().map(line -> "    " + line).collect(Collectors.joining("\n"));
  }

  /// Text that Markdown takes literally, on one line.
  static String escape(String text) {
    return text.replaceAll("\\R", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("([\\\\`*_\\[\\]|#~])", "\\\\$1");
  }
}
