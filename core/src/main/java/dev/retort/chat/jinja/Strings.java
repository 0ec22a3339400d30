package dev.retort.chat.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// What Python's texts can do that Java's do otherwise: they count in code points, and their white
/// space is Unicode's.
final class Strings {

  private Strings() {}

  /// Python's `isspace` of a character.
  static boolean isSpace(int character) {
    return Character.isSpaceChar(character)
        || (character >= 0x09 && character <= 0x0d)
        || (character >= 0x1c && character <= 0x1f)
        || character == 0x85;
  }

  /// The number of code points.
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /// The characters, each a text.
  static List<Value> characters(String text) {
    return text.codePoints().mapToObj(Character::toString).map(Value::of).toList();
  }

  /// The text without leading characters of a kind.
  static String stripStart(String text, IntPredicate kind) {
    int start = 0;
    while (start < text.length() && kind.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    return text.substring(start);
  }

  /// The text without trailing characters of a kind.
  static String stripEnd(String text, IntPredicate kind) {
    int end = text.length();
    while (end > 0 && kind.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(0, end);
  }

  /// Compares code points, which is not how Java compares texts.
  static int compare(String left, String right) {
    int[] leftPoints = left.codePoints().toArray();
    int[] rightPoints = right.codePoints().toArray();
    return Arrays.compare(leftPoints, rightPoints);
  }

  /// The words between white space, at most `most` splits from the left; the rest is one text. A
  /// negative `most` splits everywhere.
  static List<String> words(String text, int most) {
    List<String> words = new ArrayList<>();
    String rest = stripStart(text, Strings::isSpace);
    while (!rest.isEmpty()) {
      int end = wordEnd(rest);
      if (words.size() == most) {
        words.add(rest);
        return words;
      }
      words.add(rest.substring(0, end));
      rest = stripStart(rest.substring(end), Strings::isSpace);
    }
    return words;
  }

  /// The parts between separators, at most `most` splits from the left; negative for all.
  static List<String> split(String text, String separator, int most) {
    requireSeparator(separator);
    List<String> parts = new ArrayList<>();
    int start = 0;
    int next = text.indexOf(separator);
    while (next >= 0 && parts.size() != most) {
      parts.add(text.substring(start, next));
      start = next + separator.length();
      next = text.indexOf(separator, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  /// The parts between separators, at most `most` splits from the right; negative for all.
  static List<String> splitFromEnd(String text, String separator, int most) {
    requireSeparator(separator);
    List<String> parts = new ArrayList<>();
    int end = text.length();
    int next = text.lastIndexOf(separator);
    while (next >= 0 && parts.size() != most) {
      parts.addFirst(text.substring(next + separator.length(), end));
      end = next;
      next = text.lastIndexOf(separator, end - separator.length());
    }
    parts.addFirst(text.substring(0, end));
    return parts;
  }

  /// The lines, without their breaks unless they are to be kept. Python knows more breaks than
  /// Java.
  static List<String> lines(String text, boolean keepBreaks) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLineBreak(text.charAt(i))) {
        boolean pair = text.startsWith("\r\n", i);
        int end = pair ? i + 2 : i + 1;
        lines.add(text.substring(start, keepBreaks ? end : i));
        start = end;
        i = end - 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  /// Replaces a part, at most `most` times from the left; negative for all. An empty part is found
  /// between all characters.
  static String replace(String text, String old, String replacement, int most) {
    if (most < 0 && !old.isEmpty()) {
      return text.replace(old, replacement);
    }
    if (!old.isEmpty()) {
      return String.join(replacement, split(text, old, most));
    }
    StringBuilder result = new StringBuilder();
    int[] characters = text.codePoints().toArray();
    for (int i = 0; i <= characters.length; i++) {
      if (most < 0 || i < most) {
        result.append(replacement);
      }
      if (i < characters.length) {
        result.appendCodePoint(characters[i]);
      }
    }
    return result.toString();
  }

  /// Python's `str.title`: capitals after anything that is no letter.
  static String title(String text) {
    StringBuilder result = new StringBuilder();
    boolean inWord = false;
    for (int character : text.codePoints().toArray()) {
      boolean cased = isCased(character);
      result.append(inWord ? lower(Character.toString(character)) : titleCase(character));
      inWord = cased;
    }
    return result.toString();
  }

  /// Python's `str.capitalize`.
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    return titleCase(first) + lower(text.substring(Character.charCount(first)));
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /// Whether there are letters with case, and all of them are of one.
  static boolean isAll(String text, boolean upper) {
    boolean some = false;
    for (int character : text.codePoints().toArray()) {
      if (upper ? Character.isLowerCase(character) : Character.isUpperCase(character)) {
        return false;
      }
      if (Character.isTitleCase(character)) {
        return false;
      }
      some |= isCased(character);
    }
    return some;
  }

  private static boolean isCased(int character) {
    return Character.isUpperCase(character)
        || Character.isLowerCase(character)
        || Character.isTitleCase(character);
  }

  private static String titleCase(int character) {
    int title = Character.toTitleCase(character);
    String upper = upper(Character.toString(character));
    boolean expands = upper.codePointCount(0, upper.length()) > 1 && title == character;
    return expands ? upper.charAt(0) + lower(upper.substring(1)) : Character.toString(title);
  }

  private static int wordEnd(String text) {
    int end = 0;
    while (end < text.length() && !isSpace(text.codePointAt(end))) {
      end += Character.charCount(text.codePointAt(end));
    }
    return end;
  }

  private static boolean isLineBreak(char character) {
    return (character >= '\n' && character <= '\r')
        || (character >= 0x1c && character <= 0x1e)
        || character == 0x85
        || character == '\u2028'
        || character == '\u2029';
  }

  private static void requireSeparator(String separator) {
    if (separator.isEmpty()) {
      throw Failure.evaluation("empty separator");
    }
  }
}
