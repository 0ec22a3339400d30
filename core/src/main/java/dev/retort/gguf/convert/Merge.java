package dev.retort.gguf.convert;

import java.util.Optional;

/// Two tokens that become one.
record Merge(String left, String right) {

  /// Reads the form with a space between them. The first letter may be a space itself.
  static Optional<Merge> parse(String text) {
    int space = text.indexOf(' ', 1);
    return space < 0
        ? Optional.empty()
        : Optional.of(new Merge(text.substring(0, space), text.substring(space + 1)));
  }

  String text() {
    return left + " " + right;
  }

  String merged() {
    return left + right;
  }
}
