package dev.retort.synthesis;

/// Texts in messages.
final class Shown {

  private static final int LENGTH = 80;

  private Shown() {}

  /// The beginning of `text` on one line.
  static String of(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > LENGTH ? line.substring(0, LENGTH) + "…" : line;
  }
}
