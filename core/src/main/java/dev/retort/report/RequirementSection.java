package dev.retort.report;

import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import java.util.Locale;

/// The requirements of the recipe, each with its verdict and a picture of how near it was.
final class RequirementSection {

  private static final String NOTE =
      """
      A requirement is met when the whole 95 % interval clears its limit, missed when none of it \
      does, and unproven in between. Intervals cover the choice of test rows and requests, not a \
      training run with another seed.\
      """;

  private RequirementSection() {}

  static void write(Markup out, RunReport report) {
    if (report.verdicts().isEmpty()) {
      return;
    }
    out.open("section", "class", "requirements").element("h2", "Requirements");
    out.open("ul");
    for (int i = 0; i < report.verdicts().size(); i++) {
      item(out, report.verdicts().get(i), "requirement-" + i);
    }
    out.close();
    out.element("p", NOTE, "class", "note");
    out.close();
  }

  private static void item(Markup out, Verdict verdict, String id) {
    Mark mark = Mark.of(verdict);
    Metric metric = verdict.requirement().metric();
    out.open("li", "class", mark.name().toLowerCase(Locale.ROOT));
    out.open("div", "class", "badge");
    out.element("span", mark.symbol(), "aria-hidden", "true").text(" " + mark.word()).close();
    out.open("div", "class", "what").element("strong", metric.label());
    out.text(" " + Format.limit(verdict.requirement()));
    out.element("small", reason(verdict)).close();
    measurement(out, verdict);
    out.open("div", "class", "scale");
    verdict.measurement().ifPresent(measured -> BarScale.draw(out, verdict, measured, id));
    out.close().close();
  }

  private static void measurement(Markup out, Verdict verdict) {
    Metric metric = verdict.requirement().metric();
    out.open("div", "class", "measured");
    verdict
        .measurement()
        .ifPresentOrElse(
            measured -> {
              out.element("strong", Format.value(metric, measured));
              out.element("small", Format.interval(metric, measured));
            },
            () -> out.element("span", "not measured", "class", "absent"));
    out.close();
  }

  private static String reason(Verdict verdict) {
    return verdict instanceof Verdict.Unproven unproven
        ? unproven.reason()
        : verdict.requirement().metric().description();
  }
}
