package dev.retort.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// Finds numbers with check digits, written in groups or not.
///
/// Where other digits follow, as an expiry date follows the number of a card, only the check digits
/// tell where the number ends; so every end of a group is tried, the longest number first.
///
/// @param starts whether a number may begin with a character
/// @param part whether a character may be in a number
/// @param shortest characters at least, separators not counted
/// @param longest characters at most
/// @param valid whether the characters, upper case and without separators, are such a number
record NumberFinder(
    IntPredicate starts, IntPredicate part, int shortest, int longest, Predicate<String> valid)
    implements Finder {

  /// Payment cards: 13 to 19 digits that begin with 2 to 6 and pass Luhn's check (ISO/IEC 7812).
  static final Finder CARD =
      new NumberFinder(
          c -> c >= '2' && c <= '6', NumberFinder::isDigit, 13, 19, NumberFinder::passesLuhn);

  /// Bank accounts: a country, two check digits and up to 30 more (ISO 13616).
  static final Finder IBAN =
      new NumberFinder(
          NumberFinder::isLetter,
          c -> isDigit(c) || isLetter(c),
          15,
          34,
          NumberFinder::passesMod97);

  @Override
  public List<Span> find(String text) {
    List<Span> found = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      Optional<Span> number = begins(text, at) ? numberAt(text, at) : Optional.empty();
      number.ifPresent(found::add);
      at = number.map(Span::end).orElse(at + 1);
    }
    return found;
  }

  private boolean begins(String text, int at) {
    return starts.test(text.charAt(at)) && (at == 0 || !part.test(text.charAt(at - 1)));
  }

  /// The longest valid number that begins here and ends where a group ends.
  private Optional<Span> numberAt(String text, int start) {
    StringBuilder characters = new StringBuilder();
    Optional<Span> best = Optional.empty();
    int at = start;
    while (characters.length() < longest && at < text.length() && part.test(text.charAt(at))) {
      characters.append(text.charAt(at));
      at++;
      boolean groupEnds = at == text.length() || !part.test(text.charAt(at));
      if (groupEnds && characters.length() >= shortest && isValid(characters)) {
        best = Optional.of(new Span(start, at));
      }
      boolean separated =
          at + 1 < text.length()
              && (text.charAt(at) == ' ' || text.charAt(at) == '-')
              && part.test(text.charAt(at + 1));
      at += separated ? 1 : 0;
    }
    return best;
  }

  private boolean isValid(CharSequence characters) {
    return valid.test(characters.toString().toUpperCase(Locale.ROOT));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  /// Every second digit from the right doubled, with the digits of the product added up: the sum is
  /// a multiple of 10.
  private static boolean passesLuhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = i % 2 == 1 ? 2 * digit : digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }

  /// The first four characters moved to the end and letters read as 10 to 35: the rest of a
  /// division by 97 is 1.
  private static boolean passesMod97(String characters) {
    if (!characters.matches("[A-Z]{2}\\d{2}.*")) {
      return false;
    }
    String moved = characters.substring(4) + characters.substring(0, 4);
    int rest = 0;
    for (int i = 0; i < moved.length(); i++) {
      int value = Character.digit(moved.charAt(i), 36);
      rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
  }
}
