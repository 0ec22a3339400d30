package dev.retort.eval;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// ROUGE-L: how much of a reference a text says in the same order (Lin 2004, *ROUGE: A Package for
/// Automatic Evaluation of Summaries*).
///
/// Words are those of Google's rouge-score without a stemmer, so that numbers can be compared: runs
/// of `a-z` and `0-9` after lower-casing. Any other letter, such as `é` or `天`, only separates
/// words.
public final class RougeL {

  private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");

  private RougeL() {}

  /// `2·P·R / (P + R)` of `P = L/|text|` and `R = L/|reference|`, where `L` is the length in words
  /// of the longest common subsequence; 0 where either has no word.
  public static double fMeasure(String reference, String text) {
    List<String> wanted = words(reference);
    List<String> said = words(text);
    int common = longestCommonSubsequence(wanted, said);
    // 2PR / (P + R) with both fractions cleared.
    return common == 0 ? 0 : 2.0 * common / (wanted.size() + said.size());
  }

  private static List<String> words(String text) {
    return Arrays.stream(SEPARATORS.split(text.toLowerCase(Locale.ROOT)))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /// Row by row of the usual table, of which the one above is enough.
  private static int longestCommonSubsequence(List<String> first, List<String> second) {
    int[] above = new int[second.size() + 1];
    for (String word : first) {
      int[] row = new int[second.size() + 1];
      for (int i = 0; i < second.size(); i++) {
        row[i + 1] = word.equals(second.get(i)) ? above[i] + 1 : Math.max(above[i + 1], row[i]);
      }
      above = row;
    }
    return above[second.size()];
  }
}
