package dev.retort.report;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import java.util.List;

/// A row per model: a dot at its quality, a bar over its interval.
final class IntervalPlot {

  private static final int WIDTH = 480;
  private static final int ROW = 54;
  private static final int TOP = 4;
  private static final int LEFT = 108;
  private static final int RIGHT = 74;

  private IntervalPlot() {}

  static void draw(Markup out, Metric metric, List<Evaluation> models) {
    double scale = Format.scale(metric);
    List<Measured> values = models.stream().flatMap(m -> m.measurement(metric).stream()).toList();
    double low =
        values.stream().mapToDouble(Measured::low).filter(Double::isFinite).min().orElse(0) * scale;
    double high =
        values.stream().mapToDouble(Measured::high).filter(Double::isFinite).max().orElse(1)
            * scale;
    Axis axis = Axis.linear(low, high, 5);
    int height = TOP + ROW * values.size() + 42;
    String title = metric.label() + " of each model";
    Svg svg =
        Svg.open(out, new Svg.Caption("quality", title, describe(metric, models)), WIDTH, height);
    axis(svg, axis, height, metric);
    int row = 0;
    for (Evaluation model : models) {
      if (model.measurement(metric).isPresent()) {
        row(svg, axis, model, metric, TOP + ROW * row++);
      }
    }
    svg.close();
  }

  private static void axis(Svg svg, Axis axis, int height, Metric metric) {
    for (double tick : axis.ticks()) {
      double x = x(axis, tick);
      svg.line(x, TOP, x, height - 42, "grid");
      svg.text(x, height - 24, axis.label(tick), "tick middle");
    }
    String unit = Format.unitName(metric.unit());
    svg.text(
        WIDTH - RIGHT,
        height - 5,
        metric.label() + (unit.isEmpty() ? "" : ", " + unit),
        "name end");
  }

  private static void row(Svg svg, Axis axis, Evaluation model, Metric metric, int top) {
    Measured measured = model.measurement(metric).orElseThrow();
    double scale = Format.scale(metric);
    String style = Svg.style(model.kind());
    double y = top + ROW / 2.0;
    svg.line(0, top + ROW, WIDTH, top + ROW, "grid");
    svg.text(0, y + 4, model.name(), "label");
    svg.line(
        x(axis, measured.low() * scale),
        y,
        x(axis, measured.high() * scale),
        y,
        "interval " + style);
    svg.mark(model.kind(), x(axis, measured.value() * scale), y);
    svg.text(WIDTH, y + 4, Format.value(metric, measured), "label end");
  }

  private static double x(Axis axis, double value) {
    return axis.at(value, LEFT, WIDTH - RIGHT);
  }

  private static String describe(Metric metric, List<Evaluation> models) {
    StringBuilder words = new StringBuilder();
    for (Evaluation model : models) {
      model
          .measurement(metric)
          .ifPresent(m ->
              words.append(model.name()).append(' ').append(Format.full(metric, m)).append(". "));
    }
    return words.toString().strip();
  }
}
