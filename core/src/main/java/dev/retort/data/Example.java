package dev.retort.data;

import dev.retort.io.Sha256;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A text, or a pair of texts, with its class.
///
/// @param text the text, exactly as in the file
/// @param pair the second text of a pair
/// @param label index into [Labels], or [#UNLABELLED]
/// @param place where it was read
/// @param route what decides which teacher answers about it, where the data say so
/// @param rationale the reasons for its answer, where the data say so
/// @param by who corrected its label, if somebody did
public record Example(
    String text,
    Optional<String> pair,
    int label,
    Place place,
    Optional<String> route,
    Optional<String> rationale,
    Optional<String> by) {
  /// The label of an example without a class.
  public static final int UNLABELLED = -1;

  private static final int KEY_BYTES = 16;
  private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  public Example {
    if (label < UNLABELLED) {
      throw new IllegalArgumentException(
          "label is " + label + "; allowed are class indices and -1 for unlabelled");
    }
  }

  /// An example without reasons.
  public Example(
      String text, Optional<String> pair, int label, Place place, Optional<String> route) {
    this(text, pair, label, place, route, Optional.empty(), Optional.empty());
  }

  /// An example that says nothing about who answers.
  public Example(String text, Optional<String> pair, int label, Place place) {
    this(text, pair, label, place, Optional.empty());
  }

  /// A text alone, without a class.
  static Example ofText(String text, Place place) {
    return new Example(text, Optional.empty(), UNLABELLED, place);
  }

  /// Whether the example has a class.
  public boolean isLabelled() {
    return label != UNLABELLED;
  }

  /// The same example with another label.
  Example withLabel(int index) {
    return new Example(text, pair, index, place, route, rationale, by);
  }

  /// The same example with other texts.
  Example withTexts(String first, Optional<String> second) {
    return new Example(first, second, label, place, route, rationale, by);
  }

  /// A 128-bit hash of the text or texts as 32 hexadecimal digits: what a teacher's answer is
  /// stored under. Nothing is normalised; label, place, route, epoch and order do not matter.
  public String contentKey() {
    Sha256 hash = new Sha256().add(text);
    pair.ifPresent(hash::add);
    return hash.hex(KEY_BYTES);
  }

  /// The texts in lower case with runs of white space collapsed: two examples with the same folded
  /// text ask the same question.
  String folded() {
    return folded(text, pair);
  }

  static String folded(String text, Optional<String> pair) {
    return pair.map(second -> fold(text) + '\n' + fold(second)).orElseGet(() -> fold(text));
  }

  private static String fold(String text) {
    return SPACES.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
  }
}
