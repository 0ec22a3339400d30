package dev.retort.chat.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `strftime` in the C locale.
final class Strftime {
  private static final Pattern DIRECTIVE = Pattern.compile("%(-?.?)", Pattern.DOTALL);
  private static final Map<String, String> PATTERNS =
      Map.ofEntries(
          Map.entry("a", "EEE"),
          Map.entry("A", "EEEE"),
          Map.entry("b", "MMM"),
          Map.entry("B", "MMMM"),
          Map.entry("d", "dd"),
          Map.entry("-d", "d"),
          Map.entry("H", "HH"),
          Map.entry("-H", "H"),
          Map.entry("I", "hh"),
          Map.entry("-I", "h"),
          Map.entry("j", "DDD"),
          Map.entry("m", "MM"),
          Map.entry("-m", "M"),
          Map.entry("M", "mm"),
          Map.entry("p", "a"),
          Map.entry("S", "ss"),
          Map.entry("y", "yy"),
          Map.entry("Y", "uuuu"),
          Map.entry("F", "uuuu-MM-dd"),
          Map.entry("T", "HH:mm:ss"));

  private Strftime() {}

  static String format(ZonedDateTime time, String format) {
    return DIRECTIVE
        .matcher(format)
        .replaceAll(match -> Matcher.quoteReplacement(replacement(time, match)));
  }

  private static String replacement(ZonedDateTime time, MatchResult match) {
    String directive = match.group(1);
    if (directive.equals("%")) {
      return "%";
    }
    String pattern = PATTERNS.get(directive);
    if (pattern == null) {
      throw Failure.unsupported("the date format %s", Repr.of(match.group()));
    }
    return time.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }
}
