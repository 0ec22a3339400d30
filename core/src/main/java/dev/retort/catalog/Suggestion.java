package dev.retort.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Guesses which of the allowed names somebody meant.
public final class Suggestion {

  private Suggestion() {}

  /// The allowed name nearest to what was given, if it is near enough to be a slip: at most one
  /// third of its letters differ. Case, hyphens and underscores do not count.
  static Optional<String> closest(String given, Collection<String> allowed) {
    String plain = plain(given);
    return allowed.stream()
        .filter(name -> distance(plain, plain(name)) <= Math.max(1, name.length() / 3))
        .min(Comparator.comparingInt(name -> distance(plain, plain(name))));
  }

  /// The end of a message: `; did you mean 'x'?`, or nothing.
  public static String suffix(String given, Collection<String> allowed) {
    return closest(given, allowed).map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /// Damerau-Levenshtein distance in its restricted form (optimal string alignment): insertions,
  /// deletions, substitutions and swaps of neighbours cost one each.
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
    best = Math.min(best, cost[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
