package dev.retort.chat.jinja;

/// A part of a text.
///
/// @param start where it begins, in UTF-16 units as [String#substring] counts
/// @param end where it ends, exclusive
public record Span(int start, int end) {

  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no span: from " + start + " to " + end);
    }
  }

  /// This part of a text.
  public String of(String text) {
    return text.substring(start, end);
  }

  /// How many UTF-16 units it has.
  public int length() {
    return end - start;
  }
}
