package dev.retort.chat.jinja;

import dev.retort.chat.jinja.TemplateException.Kind;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The escapes of Python's texts in quotes.
final class StringLiteral {
  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))",
          Pattern.DOTALL);

  private StringLiteral() {}

  static String unescape(String quoted) {
    return ESCAPE.matcher(quoted).replaceAll(match -> Matcher.quoteReplacement(character(match)));
  }

  private static String character(MatchResult match) {
    if (match.group(1) != null) {
      return Character.toString(Integer.parseInt(match.group(1), 8));
    }
    for (int group = 2; group <= 4; group++) {
      if (match.group(group) != null) {
        return coded(Integer.parseUnsignedInt(match.group(group), 16));
      }
    }
    String escaped = match.group(5);
    return switch (escaped.charAt(0)) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'a' -> "\u0007";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'v' -> "\u000b";
      case '\\', '\'', '"' -> escaped;
      case '\n' -> "";
      case 'x', 'u', 'U' ->
          throw new Failure(Kind.SYNTAX, "truncated escape " + match.group() + " in a text");
      case 'N' -> throw Failure.unsupported("the escape \\N of a character's name");
      default -> match.group();
    };
  }

  private static String coded(int character) {
    if (!Character.isValidCodePoint(character)) {
      throw new Failure(Kind.SYNTAX, "illegal Unicode character in a text");
    }
    return Character.toString(character);
  }
}
