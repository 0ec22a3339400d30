package dev.retort.redact;

/// A piece of a text.
///
/// @param start first position
/// @param end position after the last one
record Span(int start, int end) {

  int length() {
    return end - start;
  }

  String of(String text) {
    return text.substring(start, end);
  }

  /// The least span that has both.
  Span with(Span other) {
    return new Span(Math.min(start, other.start), Math.max(end, other.end));
  }
}
