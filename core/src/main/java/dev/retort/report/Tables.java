package dev.retort.report;

/// Tables that scroll sideways in a box of their own, so that a narrow page never does.
final class Tables {

  private Tables() {}

  /// Opens a table and its body.
  static void open(Markup out, String caption, String... headers) {
    out.open("div", "class", "scroll", "role", "region", "aria-label", caption, "tabindex", "0");
    out.open("table").element("caption", caption).open("thead").open("tr");
    for (String header : headers) {
      out.element("th", header, "scope", "col");
    }
    out.close().close().open("tbody");
  }

  static void close(Markup out) {
    out.close().close().close();
  }

  /// A row of text, whose first cell heads it.
  static void row(Markup out, String head, String... cells) {
    out.open("tr").element("th", head, "scope", "row");
    for (String cell : cells) {
      out.element("td", cell);
    }
    out.close();
  }
}
