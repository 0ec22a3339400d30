package dev.retort.report;

import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;

/// The models side by side, a column each, and what paired comparisons say about them.
final class ModelSection {

  private static final String BASELINE =
      " is the student’s architecture, trained alike but without a teacher.";

  private ModelSection() {}

  static void write(Markup out, RunReport report) {
    Results results = report.results();
    if (results.evaluations().isEmpty()) {
      return;
    }
    out.open("section", "class", "models").element("h2", "Side by side");
    results.comparisons().forEach(comparison -> sentence(out, comparison));
    Tables.open(out, "What was measured, with 95 % intervals", headers(results));
    results.metrics().forEach(metric -> row(out, metric, results));
    Tables.close(out);
    results
        .first(Kind.BASELINE)
        .ifPresent(
            baseline -> out.element("p", "The " + baseline.name() + BASELINE, "class", "note"));
    out.close();
  }

  private static String[] headers(Results results) {
    String[] headers = new String[results.evaluations().size() + 1];
    headers[0] = "";
    for (int i = 1; i < headers.length; i++) {
      headers[i] = results.evaluations().get(i - 1).name();
    }
    return headers;
  }

  private static void row(Markup out, Metric metric, Results results) {
    String unit = Format.unitName(metric.unit());
    out.open("tr").open("th", "scope", "row", "title", metric.description());
    out.text(metric.label());
    if (!unit.isEmpty()) {
      out.element("small", " " + unit);
    }
    out.close();
    for (Evaluation model : results.evaluations()) {
      out.open("td", "class", Svg.style(model.kind()));
      model
          .measurement(metric)
          .ifPresentOrElse(
              measured -> {
                out.text(Format.number(metric, measured));
                out.element("small", Format.interval(metric, measured));
              },
              () -> out.element("span", "–", "class", "absent"));
      out.close();
    }
    out.close();
  }

  private static void sentence(Markup out, Comparison comparison) {
    out.open("p").element("strong", comparison.first() + " − " + comparison.second() + ": ");
    out.text(Format.difference(comparison.metric(), comparison.difference()));
    out.text(" of " + comparison.metric().label() + " on the same rows. ");
    out.text(conclusion(comparison)).close();
  }

  /// What a comparison says in words.
  static String conclusion(Comparison comparison) {
    if (!comparison.isProven()) {
      return "The interval includes 0, so neither is proven better.";
    }
    boolean firstIsHigher = comparison.difference().low() > 0;
    boolean firstIsBetter = firstIsHigher == comparison.metric().higherIsBetter();
    return "The interval leaves out 0: the %s is better."
        .formatted(firstIsBetter ? comparison.first() : comparison.second());
  }
}
