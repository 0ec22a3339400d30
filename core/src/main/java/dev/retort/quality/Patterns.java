package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.data.DataRow;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Regular expressions of filters, which do not look at case.
final class Patterns {

  private Patterns() {}

  static List<Pattern> compiled(List<String> patterns) {
    return patterns.stream()
        .map(pattern -> Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
        .toList();
  }

  /// Refuses what is no regular expression.
  static void check(String setting, List<String> patterns) {
    for (String pattern : patterns) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        Check.that(
            false,
            setting,
            "holds '%s', which is no regular expression: %s"
                .formatted(pattern, e.getDescription()));
      }
    }
  }

  /// The text in a column as patterns are written for: without white space around it, and with
  /// straight apostrophes.
  static String plain(DataRow row, String column) {
    return row.text(column).orElse("").strip().replace('’', '\'');
  }

  /// What the first of the patterns that occurs in `text` finds there.
  static Optional<String> first(List<Pattern> patterns, String text) {
    return patterns.stream()
        .map(pattern -> pattern.matcher(text))
        .filter(Matcher::find)
        .map(Matcher::group)
        .findFirst();
  }
}
