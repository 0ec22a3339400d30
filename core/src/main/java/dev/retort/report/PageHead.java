package dev.retort.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The head of a page that needs nothing else: title and style.
final class PageHead {

  private PageHead() {}

  static void write(Markup out, String title) {
    out.open("head").leaf("meta", "charset", "utf-8");
    out.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    out.leaf("meta", "name", "color-scheme", "content", "light dark");
    out.element("title", title);
    out.style(style()).close();
  }

  private static String style() {
    try (InputStream css = PageHead.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("report.css is missing from Retort's own files");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read report.css from Retort's own files", e);
    }
  }
}
