package dev.retort.report;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// The verdict as plain text for a terminal, no wider than it.
public final class TerminalTable {

  private static final String RESET = "\u001b[0m";
  private static final int NARROWEST = 40;

  private final int columns;
  private final boolean colour;
  private final StringBuilder out = new StringBuilder();

  private TerminalTable(int columns, boolean colour) {
    this.columns = Math.max(NARROWEST, columns);
    this.colour = colour;
  }

  /// The verdict without colours; a terminal of fewer than 40 columns gets 40.
  public static String verdict(RunReport report, int columns) {
    return verdict(report, columns, false);
  }

  /// The headline, a line per requirement and the models side by side, with ANSI colours where
  /// `colour` is set. Models for which there is no room are left out, last first.
  public static String verdict(RunReport report, int columns, boolean colour) {
    TerminalTable table = new TerminalTable(columns, colour);
    table.headline(Headline.of(report));
    table.requirements(report.verdicts());
    table.models(report.results());
    return table.out.toString();
  }

  /// The models side by side. Those for which there is no room are left out, last first.
  public static String models(Results results, int columns) {
    TerminalTable table = new TerminalTable(columns, false);
    table.models(results);
    return table.out.toString();
  }

  private void headline(String sentence) {
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
        line(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    line(line.toString());
  }

  private void requirements(List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return;
    }
    List<List<String>> rows = rows(verdicts, Format::full);
    if (widths(rows, columns - 2).length < rows.getFirst().size()) {
      rows = rows(verdicts, Format::value);
    }
    line("");
    int[] widths = widths(rows, columns - 2);
    for (int i = 0; i < rows.size(); i++) {
      String mark = rows.get(i).getFirst();
      String rest = joined(rows.get(i), widths).substring(mark.length());
      line("  " + (colour ? painted(verdicts.get(i), mark) : mark) + rest);
    }
  }

  private static List<List<String>> rows(
      List<Verdict> verdicts, BiFunction<Metric, Measured, String> format) {
    List<List<String>> rows = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      Mark mark = Mark.of(verdict);
      Metric metric = verdict.requirement().metric();
      rows.add(
          List.of(
              mark.symbol() + " " + mark.word(),
              metric.label(),
              Format.limit(verdict.requirement()),
              verdict.measurement().map(m -> format.apply(metric, m)).orElse("not measured")));
    }
    return rows;
  }

  private void models(Results results) {
    if (results.evaluations().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of(""));
    results.evaluations().forEach(model -> names.add(model.name()));
    rows.add(names);
    for (Metric metric : results.metrics()) {
      List<String> cells = new ArrayList<>(List.of(metric.label()));
      for (Evaluation model : results.evaluations()) {
        cells.add(model.measurement(metric).map(m -> Format.value(metric, m)).orElse("–"));
      }
      rows.add(cells);
    }
    line("");
    int[] widths = widths(rows, columns - 2);
    rows.forEach(row -> line("  " + joined(row, widths)));
  }

  /// The width of each column, for as many columns as there is room.
  private static int[] widths(List<List<String>> rows, int room) {
    List<Integer> widths = new ArrayList<>();
    int used = -2;
    for (int column = 0; column < rows.getFirst().size(); column++) {
      int index = column;
      int width = rows.stream().mapToInt(row -> row.get(index).length()).max().orElse(0);
      used += width + 2;
      if (used > room) {
        break;
      }
      widths.add(width);
    }
    return widths.stream().mapToInt(Integer::intValue).toArray();
  }

  private static String joined(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
    }
    return line.toString();
  }

  private static String painted(Verdict verdict, String text) {
    String code =
        switch (verdict) {
          case Verdict.Met _ -> "32";
          case Verdict.Missed _ -> "31";
          case Verdict.Unproven _ -> "33";
        };
    return "\u001b[" + code + "m" + text + RESET;
  }

  private void line(String text) {
    out.append(plain(text).stripTrailing()).append('\n');
  }

  /// Terminals show every space alike, and some none that is narrow.
  private static String plain(String text) {
    return text.replace(Format.THIN, " ");
  }
}
