package dev.retort.report;

import dev.retort.eval.Evaluation.Kind;
import java.util.Locale;

/// A picture drawn into a page. Colours come from the page's style sheet by class, so that the
/// picture follows the reader's light or dark theme.
final class Svg {

  /// A picture's identity within the page and its words for those who cannot see it.
  record Caption(String id, String title, String description) {}

  private final Markup out;

  private Svg(Markup out) {
    this.out = out;
  }

  /// Opens a picture that scales with the page; its coordinates run to `width` and `height`.
  static Svg open(Markup out, Caption caption, int width, int height) {
    String titleId = caption.id() + "-title";
    String descriptionId = caption.id() + "-description";
    out.open(
        "svg",
        "viewBox",
        "0 0 " + width + " " + height,
        "width",
        String.valueOf(width),
        "height",
        String.valueOf(height),
        "role",
        "img",
        "aria-labelledby",
        titleId + " " + descriptionId);
    out.element("title", caption.title(), "id", titleId);
    out.element("desc", caption.description(), "id", descriptionId);
    return new Svg(out);
  }

  void close() {
    out.close();
  }

  void line(double x1, double y1, double x2, double y2, String style) {
    out.leaf(
        "line",
        "class",
        style,
        "x1",
        number(x1),
        "y1",
        number(y1),
        "x2",
        number(x2),
        "y2",
        number(y2));
  }

  /// A rectangle between two corners.
  void box(double left, double top, double right, double bottom, String style) {
    out.leaf(
        "rect",
        "class",
        style,
        "x",
        number(left),
        "y",
        number(top),
        "width",
        number(right - left),
        "height",
        number(bottom - top));
  }

  /// Text whose class says how it is anchored: `start` (the default), `middle` or `end`.
  void text(double x, double y, String text, String style) {
    out.element("text", text, "x", number(x), "y", number(y), "class", style);
  }

  void path(String data, String style) {
    out.leaf("path", "class", style, "d", data);
  }

  /// A model's mark, whose shape differs by kind as its colour does: teacher square, student disc,
  /// baseline diamond, compressed student ring.
  void mark(Kind kind, double x, double y) {
    String style = "mark " + style(kind);
    switch (kind) {
      case TEACHER -> box(x - 4.5, y - 4.5, x + 4.5, y + 4.5, style);
      case BASELINE -> path(diamond(x, y, 6.2), style);
      case STUDENT -> circle(x, y, 5.4, style);
      case COMPRESSED -> circle(x, y, 4.6, style + " ring");
    }
  }

  void circle(double x, double y, double radius, String style) {
    out.leaf("circle", "class", style, "cx", number(x), "cy", number(y), "r", number(radius));
  }

  /// The style class of a kind of model.
  static String style(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /// A coordinate to a tenth of a pixel.
  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String diamond(double x, double y, double radius) {
    return "M%s %sL%s %sL%s %sL%s %sZ"
        .formatted(
            number(x),
            number(y - radius),
            number(x + radius),
            number(y),
            number(x),
            number(y + radius),
            number(x - radius),
            number(y));
  }
}
