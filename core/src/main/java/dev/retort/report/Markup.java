package dev.retort.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// Writes HTML and SVG that is well-formed XML too: all text and attributes are escaped here, and
/// every element that was opened must be closed.
final class Markup {

  private static final Set<String> INLINE =
      Set.of("a", "b", "bdi", "code", "em", "span", "small", "strong", "sup", "tspan", "text");

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /// Opens an element with attributes given as name and value in turn.
  Markup open(String tag, String... attributes) {
    start(tag, attributes).append('>');
    open.push(tag);
    return this;
  }

  /// Closes the element that was opened last.
  Markup close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /// An element without content that HTML or SVG lets close itself, such as `meta` or `path`.
  Markup leaf(String tag, String... attributes) {
    start(tag, attributes).append("/>");
    return this;
  }

  /// An element with text.
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /// A style sheet, which HTML takes as it stands and XML must be able to.
  Markup style(String css) {
    if (css.contains("<") || css.contains("&")) {
      throw new IllegalArgumentException("a style sheet inside XML must do without < and &");
    }
    open("style");
    out.append(css);
    return close();
  }

  /// The document, once every element is closed.
  String finish() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("elements are still open: " + open);
    }
    return "<!DOCTYPE html>" + out + "\n";
  }

  private StringBuilder start(String tag, String... attributes) {
    if (!INLINE.contains(tag)) {
      out.append('\n');
    }
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
    return out;
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            default -> out.appendCodePoint(isXml(point) ? point : 0xFFFD);
          }
        });
  }

  /// Whether XML 1.0 has this character: no control characters, no halves of surrogate pairs.
  private static boolean isXml(int point) {
    return point >= 0x20
        ? (point < 0xD800 || point > 0xDFFF) && point != 0xFFFE && point != 0xFFFF
        : point == '\t' || point == '\n' || point == '\r';
  }
}
