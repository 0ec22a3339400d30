package dev.retort.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A name beside a mark in a chart; `y` is the baseline of its text.
record Label(double x, double y, String text) {

  private static final double LINE = 15;
  private static final double GAP = 10;

  /// About what a letter takes; only to guess whether a name still fits.
  private static final double LETTER = 7;

  /// The width that the longest of these names takes beside a mark, a third of a chart at most.
  static int room(Stream<String> names) {
    return (int) Math.min(160, GAP + LETTER * names.mapToInt(String::length).max().orElse(0));
  }

  /// Writes the labels to the right of their marks, or to the left where they would leave a picture
  /// of this width, pushed apart where they would overlap.
  static void draw(Svg svg, int width, List<Label> labels) {
    double lastY = Double.NEGATIVE_INFINITY;
    for (Label label : labels.stream().sorted(Comparator.comparingDouble(Label::y)).toList()) {
      boolean left = label.x + GAP + LETTER * label.text.length() > width;
      double y = Math.max(label.y, lastY + LINE);
      lastY = y;
      svg.text(left ? label.x - GAP : label.x + GAP, y, label.text, left ? "label end" : "label");
    }
  }
}
