package dev.retort.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/// What a template has written so far.
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final List<Span> generated = new ArrayList<>();
  private final boolean captured;

  /// @param captured whether the text goes into a value instead of the result
  Output(boolean captured) {
    this.captured = captured;
  }

  /// Whether the text goes into a value instead of the result.
  boolean captured() {
    return captured;
  }

  void write(String more) {
    text.append(more);
  }

  int length() {
    return text.length();
  }

  /// Notes that all from `start` on is what the assistant said.
  void markGenerated(int start) {
    generated.add(new Span(start, text.length()));
  }

  String text() {
    return text.toString();
  }

  List<Span> generated() {
    return List.copyOf(generated);
  }
}
