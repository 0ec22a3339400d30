package dev.retort.report;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/// Quality against latency, a mark per model, with the corner that the requirements allow.
final class TradeOffPlot {

  private static final int WIDTH = 480;
  private static final int HEIGHT = 300;
  private static final Metric LATENCY = Metric.P95_LATENCY_MS;

  /// A model's place; numbers are in the units of the axes.
  record Point(String name, Kind kind, Measured latency, Measured quality) {}

  private TradeOffPlot() {}

  /// The models of which both quality and latency are known.
  static List<Point> points(RunReport report, Metric quality) {
    List<Point> points = new ArrayList<>();
    for (Evaluation model : report.results().evaluations()) {
      model
          .measurement(LATENCY)
          .ifPresent(latency ->
              model
                  .measurement(quality)
                  .map(q -> new Point(model.name(), model.kind(), latency, percent(q, quality)))
                  .ifPresent(points::add));
    }
    return points;
  }

  static void draw(Markup out, RunReport report, Metric quality) {
    List<Point> points = points(report, quality);
    OptionalDouble latencyLimit = limit(report, LATENCY);
    OptionalDouble qualityLimit = qualityLimit(report, quality);
    String title = "%s against p95 latency".formatted(quality.label());
    Svg svg = Svg.open(out, new Svg.Caption("trade-off", title, describe(points)), WIDTH, HEIGHT);
    Frame frame =
        new Frame(
            svg,
            latencyAxis(points, latencyLimit),
            qualityAxis(points, qualityLimit),
            WIDTH,
            HEIGHT);
    if (latencyLimit.isPresent() || qualityLimit.isPresent()) {
      allowed(frame, latencyLimit.orElse(frame.x().high()), qualityLimit.orElse(frame.y().low()));
    }
    String unit = Format.unitName(quality.unit());
    frame.draw("p95 latency, ms", quality.label() + (unit.isEmpty() ? "" : ", " + unit));
    points.forEach(point -> bars(frame, point));
    points.forEach(point -> svg.mark(point.kind(), x(frame, point), y(frame, point)));
    Label.draw(
        svg,
        WIDTH,
        points.stream().map(p -> new Label(x(frame, p), y(frame, p) - 7, p.name())).toList());
    svg.close();
  }

  private static void allowed(Frame frame, double latency, double quality) {
    double right = frame.x(latency);
    double bottom = frame.y(quality);
    frame.svg().box(frame.left(), frame.top(), right, bottom, "allowed");
    frame.svg().text(frame.left() + 8, frame.top() + 16, "required", "hint");
  }

  private static void bars(Frame frame, Point point) {
    String style = "whisker " + Svg.style(point.kind());
    double x = x(frame, point);
    double y = y(frame, point);
    frame.svg().line(x, frame.y(point.quality().low()), x, frame.y(point.quality().high()), style);
    frame.svg().line(frame.x(point.latency().low()), y, frame.x(point.latency().high()), y, style);
  }

  private static Axis latencyAxis(List<Point> points, OptionalDouble limit) {
    double low = points.stream().mapToDouble(p -> p.latency().value()).min().orElse(1);
    double high =
        DoubleStream.concat(points.stream().mapToDouble(p -> p.latency().value()), limit.stream())
            .max()
            .orElse(1);
    return high > 8 * low ? Axis.logarithmic(low, high) : Axis.linear(0, high * 1.05, 5);
  }

  private static Axis qualityAxis(List<Point> points, OptionalDouble limit) {
    double low =
        DoubleStream.concat(points.stream().mapToDouble(p -> p.quality().low()), limit.stream())
            .filter(Double::isFinite)
            .min()
            .orElse(0);
    double high =
        points.stream()
            .mapToDouble(p -> p.quality().high())
            .filter(Double::isFinite)
            .max()
            .orElse(1);
    return Axis.linear(low, high, 5);
  }

  /// The quality that the requirements ask for, directly or as a part of the teacher's.
  private static OptionalDouble qualityLimit(RunReport report, Metric quality) {
    OptionalDouble own = limit(report, quality);
    OptionalDouble retention = limit(report, Metric.RETENTION);
    boolean retained = quality == Metric.ACCURACY || quality == Metric.SPEARMAN;
    if (own.isPresent() || retention.isEmpty() || !retained) {
      return own.stream().map(limit -> limit * Format.scale(quality)).findFirst();
    }
    return report.results().measurement(Kind.TEACHER, quality).stream()
        .mapToDouble(teacher -> teacher.value() * retention.getAsDouble() * Format.scale(quality))
        .findFirst();
  }

  private static OptionalDouble limit(RunReport report, Metric metric) {
    return report.verdicts().stream()
        .map(Verdict::requirement)
        .filter(requirement -> requirement.metric() == metric)
        .mapToDouble(requirement -> requirement.limit())
        .findFirst();
  }

  private static Measured percent(Measured m, Metric metric) {
    double scale = Format.scale(metric);
    return new Measured(m.value() * scale, m.low() * scale, m.high() * scale, m.samples());
  }

  private static double x(Frame frame, Point point) {
    return frame.x(point.latency().value());
  }

  private static double y(Frame frame, Point point) {
    return frame.y(point.quality().value());
  }

  private static String describe(List<Point> points) {
    StringBuilder words = new StringBuilder("Better is up and to the left. ");
    for (Point point : points) {
      words.append(
          "%s: %s at %s. "
              .formatted(
                  point.name(),
                  Format.rounded(point.quality().value(), 1),
                  Format.value(LATENCY, point.latency())));
    }
    return words.toString().strip();
  }
}
