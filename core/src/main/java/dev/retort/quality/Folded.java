package dev.retort.quality;

import java.util.Locale;
import java.util.regex.Pattern;

/// Texts without what does not make them different.
final class Folded {

  private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  private Folded() {}

  /// `text` in lower case with runs of white space collapsed.
  static String of(String text) {
    return SPACES.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
  }
}
