package dev.retort.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The report as one page that needs nothing else: no script, no network, style and pictures
/// inside.
///
/// It is HTML and well-formed XML at once, follows the reader's light or dark theme, fits a phone
/// and prints.
public final class HtmlReport {

  private static final Pattern ASIDE = Pattern.compile("\\([^)]*\\)");

  private HtmlReport() {}

  /// Writes the page to `file`, which is replaced as a whole.
  public static void write(RunReport report, Path file) throws IOException {
    WholeFile.write(file, render(report));
  }

  /// The page as text.
  public static String render(RunReport report) {
    Markup out = new Markup();
    out.open("html", "lang", "en");
    PageHead.write(out, report.run().name() + " · Retort report");
    out.open("body").open("main");
    header(out, report);
    RequirementSection.write(out, report);
    ModelSection.write(out, report);
    ChartSection.quality(out, report);
    ChartSection.training(out, report);
    ClassSection.write(out, report);
    DisagreementSection.write(out, report);
    GenerationSection.write(out, report);
    RoundSection.write(out, report);
    RunSection.data(out, report);
    RunSection.files(out, report);
    RunSection.provenance(out, report);
    return out.close().close().close().finish();
  }

  private static void header(Markup out, RunReport report) {
    Timing timing = report.run().provenance().timing();
    Mark mark = Mark.overall(report.verdicts());
    String outcome = report.verdicts().isEmpty() ? "none" : mark.word();
    out.open("header").open("p", "class", "run");
    out.element("strong", report.run().name());
    out.text(" · " + report.run().task() + " · ");
    out.text(timing.finished().truncatedTo(ChronoUnit.DAYS).toString().substring(0, 10));
    out.text(" · " + Format.duration(timing.total())).close();
    out.open("p", "class", "outcome " + outcome);
    if (!report.verdicts().isEmpty()) {
      out.element("span", mark.symbol(), "aria-hidden", "true").text(" ");
    }
    out.text(Mark.outcome(report.verdicts())).close();
    headline(out, Headline.of(report));
    out.close();
  }

  /// The sentence, with what stands in parentheses set back and kept on one line.
  private static void headline(Markup out, String sentence) {
    out.open("h1");
    int from = 0;
    Matcher aside = ASIDE.matcher(sentence);
    while (aside.find()) {
      out.text(sentence.substring(from, aside.start()));
      out.element("span", aside.group(), "class", "aside");
      from = aside.end();
    }
    out.text(sentence.substring(from)).close();
  }
}
