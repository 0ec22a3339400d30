package dev.retort.eval;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether a text gives the answer of a reference, as GSM8K is judged (Cobbe et al. 2021, arXiv
/// 2110.14168).
///
/// A reference that marks its answer, `#### 18` or `The answer is 18`, is matched by a text that
/// marks the same number, whatever else the two say: the "strict match" of EleutherAI's evaluation
/// harness (tasks `gsm8k` and `gsm8k_cot`). Of several marked numbers the last counts. Any other
/// reference is matched by a text that equals it. Either way commas, dollar signs, a full stop at
/// the end and letter case do not count, as in the harness, nor does the amount of white space.
public final class ExactMatch {

  private static final Pattern MARKED =
      Pattern.compile(
          "(?:####|\\bthe (?:final )?answer is)[\\s:*]*(-?\\$?-?\\.?\\d[\\d.,]*)",
          Pattern.CASE_INSENSITIVE);

  private ExactMatch() {}

  /// Whether `text` gives the answer of `reference`.
  public static boolean matches(String reference, String text) {
    Optional<String> wanted = markedNumber(reference);
    return wanted.isPresent()
        ? markedNumber(text).equals(wanted)
        : normalized(text).equals(normalized(reference));
  }

  /// The last number of `text` that is marked as its answer, normalised.
  static Optional<String> markedNumber(String text) {
    Matcher marked = MARKED.matcher(text);
    Optional<String> last = Optional.empty();
    while (marked.find()) {
      last = Optional.of(normalized(marked.group(1)));
    }
    return last;
  }

  private static String normalized(String text) {
    return text.toLowerCase(Locale.ROOT)
        .replaceAll("[,$]", "")
        .replaceAll("(?U)\\s+", " ")
        .strip()
        .replaceAll("\\.+$", "");
  }
}
