package dev.retort.augment;

import dev.retort.data.Example;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A word of a text: letters, with nothing beside them that would make them part of something else,
/// such as the digits of `4th`, the underscore of `user_id` or the apostrophe of `don't`.
///
/// @param second whether it stands in the second text of a pair
/// @param start index of its first character
/// @param end one more than the index of its last
/// @param spelling its characters
record Word(boolean second, int start, int end, String spelling) {

  private static final Pattern WORD =
      Pattern.compile(
          "(?<![\\p{L}\\p{M}\\p{N}_])(?<![\\p{L}\\p{M}\\p{N}_]['’])[\\p{L}\\p{M}]+(?!['’]?[\\p{L}\\p{M}\\p{N}_])");

  /// The words of a text or of a pair, in order.
  static List<Word> of(Example example) {
    return Stream.concat(
            of(example.text(), false).stream(),
            example.pair().stream().flatMap(second -> of(second, true).stream()))
        .toList();
  }

  private static List<Word> of(String text, boolean second) {
    List<Word> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(new Word(second, matcher.start(), matcher.end(), matcher.group()));
    }
    return words;
  }

  /// `example` without its label, with other words where `others` has them.
  static Example replaced(Example example, Map<Word, String> others) {
    return new Example(
        replaced(example.text(), false, others),
        example.pair().map(second -> replaced(second, true, others)),
        Example.UNLABELLED,
        example.place(),
        example.route());
  }

  private static String replaced(String text, boolean second, Map<Word, String> others) {
    StringBuilder changed = new StringBuilder(text);
    others.entrySet().stream()
        .filter(other -> other.getKey().second() == second)
        .sorted(Comparator.comparingInt(other -> -other.getKey().start()))
        .forEach(other ->
            changed.replace(other.getKey().start(), other.getKey().end(), other.getValue()));
    return changed.toString();
  }

  /// `other`, beginning with a capital letter if this word does.
  String capitalized(String other) {
    boolean capital = Character.isUpperCase(spelling.codePointAt(0));
    int first = other.offsetByCodePoints(0, 1);
    return capital
        ? other.substring(0, first).toUpperCase(Locale.ROOT) + other.substring(first)
        : other;
  }

  /// Whether `other` is another word than `spelling`, whatever their case, in letters of the same
  /// script. Vocabularies have letters of many scripts, which models know too little of to put
  /// where they belong.
  static boolean isOther(String other, String spelling) {
    return !other.equalsIgnoreCase(spelling) && script(other) == script(spelling);
  }

  private static UnicodeScript script(String word) {
    return UnicodeScript.of(word.codePointAt(0));
  }

  /// The text of `example` with `mask` in the place of this word.
  Example hiddenIn(Example example, String mask) {
    return replaced(example, Map.of(this, mask));
  }
}
