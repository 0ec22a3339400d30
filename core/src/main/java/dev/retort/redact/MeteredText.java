package dev.retort.redact;

import java.util.List;

/// A text that can be read only so often, so that a user's pattern which backtracks without end is
/// refused instead of waited for.
final class MeteredText implements CharSequence {

  private static final long READS_PER_CHARACTER = 200;
  private static final long READS_AT_LEAST = 1_000_000;

  private final String name;
  private final String text;
  private long left;

  private MeteredText(String name, String text) {
    this.name = name;
    this.text = text;
    this.left = READS_AT_LEAST + READS_PER_CHARACTER * text.length();
  }

  /// @param name of the pattern, for messages
  static List<Span> find(String name, PatternFinder finder, String text) {
    try {
      return finder.find(new MeteredText(name, text), text);
    } catch (StackOverflowError e) {
      throw new RedactionException(
          "pattern %s needs too much stack on a text of %d characters, so nothing was sent; repeat single characters instead of groups, or repeat possessively as in (?:ab)*+"
              .formatted(name, text.length()),
          e);
    }
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (--left < 0) {
      throw new RedactionException(
          "pattern %s read every character of a text of %d characters more than %d times, so nothing was sent; bound its repetitions, as in [a-z]{1,64}, or make them possessive, as in [a-z]++"
              .formatted(name, text.length(), READS_PER_CHARACTER));
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
