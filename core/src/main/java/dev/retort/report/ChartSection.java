package dev.retort.report;

import dev.retort.eval.Metric;
import java.util.List;
import java.util.Optional;

/// Quality, quality against latency, and how training went, in pictures.
final class ChartSection {

  private ChartSection() {}

  static void quality(Markup out, RunReport report) {
    Optional<Metric> quality = report.results().quality();
    if (quality.isEmpty()) {
      return;
    }
    Metric metric = quality.get();
    out.open("section").element("h2", "Quality and speed").open("div", "class", "charts");
    figure(
        out,
        capital(metric.label()) + " with 95 % intervals",
        () -> IntervalPlot.draw(out, metric, report.results().evaluations()));
    if (!TradeOffPlot.points(report, metric).isEmpty()) {
      figure(
          out,
          capital(metric.label()) + " against latency",
          () -> TradeOffPlot.draw(out, report, metric));
    }
    out.close().close();
  }

  static void training(Markup out, RunReport report) {
    List<LearningCurve> losses = report.curves().stream().filter(CurvePlot::hasLoss).toList();
    if (losses.isEmpty()) {
      return;
    }
    out.open("section").element("h2", "Training").open("div", "class", "charts");
    for (int i = 0; i < losses.size(); i++) {
      String id = "loss-" + i;
      LearningCurve curve = losses.get(i);
      figure(out, capital(curve.phase()) + ", loss", () -> CurvePlot.loss(out, curve, id));
    }
    report.curves().stream()
        .flatMap(curve -> curve.validation().stream())
        .map(LearningCurve.Validation::metric)
        .distinct()
        .forEach(metric -> validation(out, report, metric));
    out.close().close();
  }

  private static void validation(Markup out, RunReport report, Metric metric) {
    List<LearningCurve> curves =
        report.curves().stream()
            .filter(curve -> CurvePlot.validation(curve, metric).findAny().isPresent())
            .toList();
    if (!curves.isEmpty()) {
      figure(out, "Validation " + metric.label(), () -> CurvePlot.validation(out, metric, curves));
    }
  }

  private static void figure(Markup out, String caption, Runnable picture) {
    out.open("figure").element("figcaption", caption);
    picture.run();
    out.close();
  }

  private static String capital(String text) {
    return text.isEmpty()
        ? text
        : new StringBuilder(text)
            .replace(0, 1, String.valueOf(Character.toUpperCase(text.charAt(0))))
            .toString();
  }
}
