package dev.retort.report;

/// The plotting area of a chart with its two axes.
record Frame(Svg svg, Axis x, Axis y, int width, int height) {

  private static final int LEFT = 46;
  private static final int RIGHT = 14;
  private static final int TOP = 22;
  private static final int BOTTOM = 40;

  /// The horizontal position of a value.
  double x(double value) {
    return x.at(value, LEFT, width - RIGHT);
  }

  /// The vertical position of a value.
  double y(double value) {
    return y.at(value, height - BOTTOM, TOP);
  }

  double left() {
    return LEFT;
  }

  double right() {
    return width - RIGHT;
  }

  double top() {
    return TOP;
  }

  double bottom() {
    return height - BOTTOM;
  }

  /// Draws grid lines, ticks with their numbers, and what the axes mean.
  void draw(String xName, String yName) {
    for (double tick : y.ticks()) {
      svg.line(left(), y(tick), right(), y(tick), "grid");
      svg.text(left() - 8, y(tick) + 4, y.label(tick), "tick end");
    }
    for (double tick : x.ticks()) {
      svg.line(x(tick), bottom(), x(tick), bottom() + 4, "axis");
      svg.text(x(tick), bottom() + 18, x.label(tick), "tick middle");
    }
    svg.line(left(), bottom(), right(), bottom(), "axis");
    svg.text(right(), height - 5, xName, "name end");
    svg.text(4, 12, yName, "name");
  }
}
