package dev.retort.report;

import dev.retort.report.DataReport.Column;
import dev.retort.report.DataReport.Cost;
import dev.retort.report.DataReport.Count;
import dev.retort.report.DataReport.Example;
import dev.retort.report.DataReport.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The report on made data as one page that needs nothing else, like [HtmlReport].
public final class DataHtmlReport {

  private static final int WIDTH = 200;
  private static final int HEIGHT = 18;

  private DataHtmlReport() {}

  /// Writes the page to `file`, which is replaced as a whole.
  public static void write(DataReport report, Path file) throws IOException {
    WholeFile.write(file, render(report));
  }

  /// The page as text.
  public static String render(DataReport report) {
    Markup out = new Markup();
    out.open("html", "lang", "en");
    PageHead.write(out, report.name() + " · Retort data report");
    out.open("body").open("main");
    header(out, report);
    stages(out, report.stages());
    dropped(out, report.stages());
    columns(out, report.columns());
    balance(out, report.columns());
    cost(out, report);
    return out.close().close().close().finish();
  }

  private static void header(Markup out, DataReport report) {
    out.open("header").open("p", "class", "run");
    out.element("strong", report.name()).text(" · " + report.model()).close();
    out.element(
        "h1",
        "%s rows are kept, %s were dropped on the way; %s paid in all."
            .formatted(
                Format.whole(report.kept()),
                Format.whole(report.dropped()),
                report.cost().paidInAll()));
    out.close();
  }

  private static void stages(Markup out, List<Stage> stages) {
    out.open("section").element("h2", "Steps");
    Tables.open(out, "Rows by step", "step", "rows in", "rows out", "dropped", "share dropped");
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      out.open("tr").element("th", stage.name(), "scope", "row");
      out.element("td", Format.whole(stage.given()));
      out.element("td", Format.whole(stage.kept()));
      out.element("td", Format.whole(stage.dropped()));
      out.open("td", "class", "picture");
      share(out, stage.dropped(), stage.kept() + stage.dropped(), "stage-" + i);
      out.close().close();
    }
    Tables.close(out);
    out.close();
  }

  /// A bar whose filled part is `part` of `whole`.
  private static void share(Markup out, int part, int whole, String id) {
    double share = whole == 0 ? 0 : (double) part / whole;
    String words = "%s of %s".formatted(Format.whole(part), Format.whole(whole));
    Svg svg = Svg.open(out, new Svg.Caption(id, "Share", words), WIDTH, HEIGHT);
    svg.box(0, 6, WIDTH, 12, "track");
    svg.box(0, 6, share * WIDTH, 12, "inside");
    svg.close();
  }

  private static void dropped(Markup out, List<Stage> stages) {
    List<Stage> with = stages.stream().filter(stage -> !stage.examples().isEmpty()).toList();
    if (with.isEmpty()) {
      return;
    }
    out.open("section").element("h2", "What was dropped");
    for (Stage stage : with) {
      out.open("details");
      out.element(
          "summary",
          "%s: %s of %s"
              .formatted(
                  stage.name(),
                  Format.whole(stage.examples().size()),
                  Format.whole(stage.dropped())));
      Tables.open(out, "Dropped by " + stage.name(), "row", "reason", "what it says");
      for (Example example : stage.examples()) {
        Tables.row(out, example.origin(), example.reason(), example.row());
      }
      Tables.close(out);
      out.close();
    }
    out.close();
  }

  private static void columns(Markup out, List<Column> columns) {
    if (columns.isEmpty()) {
      return;
    }
    out.open("section").element("h2", "Columns");
    Tables.open(
        out, "Columns", "column", "rows", "repeated", "fewest words", "median", "most words");
    for (Column column : columns) {
      Tables.row(
          out,
          column.name(),
          Format.whole(column.filled()),
          Format.whole(column.repeated()),
          Format.whole(column.words().least()),
          Format.whole(column.words().median()),
          Format.whole(column.words().most()));
    }
    Tables.close(out);
    out.close();
  }

  private static void balance(Markup out, List<Column> columns) {
    List<Column> counted = columns.stream().filter(column -> !column.counts().isEmpty()).toList();
    if (counted.isEmpty()) {
      return;
    }
    out.open("section").element("h2", "Balance");
    for (Column column : counted) {
      Tables.open(out, "Rows by " + column.name(), column.name(), "rows", "share");
      for (int i = 0; i < column.counts().size(); i++) {
        Count count = column.counts().get(i);
        out.open("tr").element("th", count.value(), "scope", "row", "dir", "auto");
        out.element("td", Format.whole(count.rows()));
        out.open("td", "class", "picture");
        share(
            out,
            count.rows(),
            column.filled(),
            "balance-%d-%d".formatted(columns.indexOf(column), i));
        out.close().close();
      }
      Tables.close(out);
    }
    out.close();
  }

  private static void cost(Markup out, DataReport report) {
    Cost cost = report.cost();
    out.open("section").element("h2", "Cost");
    Tables.open(out, "Cost", "", "");
    Tables.row(out, "model", report.model());
    Tables.row(out, "requests sent", Format.whole(cost.sent()));
    Tables.row(out, "answers that were known", Format.whole(cost.known()));
    Tables.row(out, "paid in this run", cost.paid());
    Tables.row(out, "paid in all", cost.paidInAll());
    if (!cost.licence().isEmpty()) {
      Tables.row(out, "licence", cost.licence());
    }
    Tables.close(out);
    report.notes().forEach(note -> out.element("p", note));
    out.close();
  }
}
