package dev.retort.report;

import dev.retort.eval.Metric;
import dev.retort.report.LearningCurve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Charts of learning curves: the training loss of one phase, or a validation metric of all phases.
final class CurvePlot {

  private static final int WIDTH = 480;
  private static final int HEIGHT = 240;

  private CurvePlot() {}

  /// Whether there is a loss to draw.
  static boolean hasLoss(LearningCurve curve) {
    return curve.loss().stream().anyMatch(point -> Double.isFinite(point.value()));
  }

  /// The loss of one phase: every step faintly, its moving average firmly.
  static void loss(Markup out, LearningCurve curve, String id) {
    List<Point> points = Curves.thinned(finite(curve.loss()));
    List<Point> smooth = Curves.smoothed(points);
    String description =
        "From about %s at step %d to about %s at step %d."
            .formatted(
                Format.rounded(smooth.getFirst().value(), 2),
                smooth.getFirst().step(),
                Format.rounded(smooth.getLast().value(), 2),
                smooth.getLast().step());
    Svg.Caption caption = new Svg.Caption(id, curve.phase() + ": training loss", description);
    Svg svg = Svg.open(out, caption, WIDTH, HEIGHT);
    double highest = points.stream().mapToDouble(Point::value).max().orElse(1);
    double lowest = points.stream().mapToDouble(Point::value).min().orElse(0);
    Axis losses = Axis.within(Math.min(0, lowest), highest * 1.04, 4);
    Frame frame = new Frame(svg, steps(points.stream()), losses, WIDTH, HEIGHT);
    frame.draw("step", "loss");
    line(frame, points, "raw " + Svg.style(curve.model()));
    line(frame, smooth, "curve " + Svg.style(curve.model()));
    svg.close();
  }

  /// One validation metric, a line for each phase that has it, named at its end.
  static void validation(Markup out, Metric metric, List<LearningCurve> curves) {
    List<Point> all = curves.stream().flatMap(curve -> validation(curve, metric)).toList();
    double low = all.stream().mapToDouble(Point::value).min().orElse(0);
    double high = all.stream().mapToDouble(Point::value).max().orElse(1);
    String title = metric.label() + " on the validation rows";
    Svg.Caption caption = new Svg.Caption("validation-" + metric, title, describe(metric, curves));
    Svg svg = Svg.open(out, caption, WIDTH, HEIGHT);
    Frame frame =
        new Frame(
            svg,
            steps(all.stream()),
            Axis.linear(low, high, 4),
            WIDTH - Label.room(curves.stream().map(LearningCurve::phase)),
            HEIGHT);
    String unit = Format.unitName(metric.unit());
    frame.draw("step", metric.label() + (unit.isEmpty() ? "" : ", " + unit));
    List<Label> labels = new ArrayList<>();
    for (LearningCurve curve : curves) {
      List<Point> points = validation(curve, metric).toList();
      line(frame, points, "curve " + Svg.style(curve.model()));
      Point last = points.getLast();
      frame.svg().mark(curve.model(), frame.x(last.step()), frame.y(last.value()));
      labels.add(new Label(frame.x(last.step()), frame.y(last.value()) + 4, curve.phase()));
    }
    Label.draw(svg, WIDTH, labels);
    svg.close();
  }

  /// The points of a curve's metric, in the unit of the chart; none when it has another metric.
  static Stream<Point> validation(LearningCurve curve, Metric metric) {
    double scale = Format.scale(metric);
    return curve.validation().stream()
        .filter(validation -> validation.metric() == metric)
        .flatMap(validation -> finite(validation.points()).stream())
        .map(point -> new Point(point.step(), point.value() * scale));
  }

  private static String describe(Metric metric, List<LearningCurve> curves) {
    StringBuilder words = new StringBuilder();
    for (LearningCurve curve : curves) {
      Point last = validation(curve, metric).toList().getLast();
      words.append(
          "%s ends at %s%s. "
              .formatted(
                  curve.phase(), Format.rounded(last.value(), 1), Format.suffix(metric.unit())));
    }
    return words.toString().strip();
  }

  private static Axis steps(Stream<Point> points) {
    return Axis.within(0, points.mapToInt(Point::step).max().orElse(1), 5);
  }

  private static void line(Frame frame, List<Point> points, String style) {
    frame.svg().path(Curves.path(points, p -> frame.x(p.step()), p -> frame.y(p.value())), style);
  }

  private static List<Point> finite(List<Point> points) {
    return points.stream().filter(point -> Double.isFinite(point.value())).toList();
  }
}
