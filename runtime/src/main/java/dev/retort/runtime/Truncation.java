package dev.retort.runtime;

import java.util.Arrays;

/// How many tokens of each text survive when an input is too long.
///
/// @param first tokens kept of the first text
/// @param second tokens kept of the second text
record Truncation(int first, int second) {
  private static final int FIRST_TEXT = 0;
  private static final int SECOND_TEXT = 1;

  /// Hugging Face's `longest_first`: tokens are taken from the longer text until both have the same
  /// length, then from both. An odd token stays with the longer text, or with the second.
  ///
  /// @param first tokens of the first text, without special tokens
  /// @param second tokens of the second text, 0 when there is none
  /// @param room tokens that may stay, at least 0
  static Truncation longestFirst(int first, int second, int room) {
    if (first + second <= room) {
      return new Truncation(first, second);
    }
    int shorter = Math.min(Math.min(first, second), room / 2);
    int longer = room - shorter;
    return first > second ? new Truncation(longer, shorter) : new Truncation(shorter, longer);
  }

  /// The positions of an encoding that stay: all special tokens and the beginning of each text.
  ///
  /// @param texts for each position the text it comes from, 0 or 1, or -1 for a special token
  /// @throws IllegalArgumentException if the special tokens alone exceed `maxLength`
  static int[] keptPositions(long[] texts, int maxLength) {
    int first = count(texts, FIRST_TEXT);
    int second = count(texts, SECOND_TEXT);
    return ofLength(maxLength, texts.length - first - second, first, second).select(texts);
  }

  /// [#longestFirst] for an encoding of at most `maxLength` tokens, `special` of which are not of
  /// the texts.
  ///
  /// @throws IllegalArgumentException if the special tokens alone exceed `maxLength`
  static Truncation ofLength(int maxLength, int special, int first, int second) {
    if (maxLength < special) {
      throw new IllegalArgumentException(
          "maxLength " + maxLength + " leaves no room for the " + special + " special tokens");
    }
    return longestFirst(first, second, maxLength - special);
  }

  private int[] select(long[] texts) {
    int[] positions = new int[texts.length];
    int[] left = {first, second};
    int count = 0;
    for (int position = 0; position < texts.length; position++) {
      int text = (int) texts[position];
      if (text < FIRST_TEXT || left[text]-- > 0) {
        positions[count++] = position;
      }
    }
    return Arrays.copyOf(positions, count);
  }

  private static int count(long[] texts, int wanted) {
    int count = 0;
    for (long text : texts) {
      count += text == wanted ? 1 : 0;
    }
    return count;
  }
}
