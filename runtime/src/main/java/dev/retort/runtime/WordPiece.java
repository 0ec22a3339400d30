package dev.retort.runtime;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Cuts words into the longest pieces that a vocabulary has, from left to right (Wu et al. 2016).
///
/// @param vocabulary the ids of all pieces
/// @param unknownId the id of a word that cannot be cut into pieces
/// @param prefix what all pieces of a word but the first begin with, such as `##`
/// @param longestWord words of more characters are unknown
record WordPiece(Map<String, Integer> vocabulary, int unknownId, String prefix, int longestWord) {

  /// Ids in a growing array.
  static final class Ids {
    private int[] values = new int[32];
    private int size;

    void add(int id) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = id;
    }

    int size() {
      return size;
    }

    /// Copies the first `count` ids into `target` from `at` on.
    void copyTo(int[] target, int at, int count) {
      System.arraycopy(values, 0, target, at, count);
    }

    private void cutTo(int count) {
      size = count;
    }
  }

  /// Adds the pieces of a normalized text to `ids`: words end at white space, and every punctuation
  /// mark is a word of its own.
  void cut(String text, Ids ids) {
    int start = 0;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      int next = at + Character.charCount(character);
      boolean mark = isPunctuation(character);
      if (mark || BertNormalizer.isWhiteSpace(character)) {
        word(text.substring(start, at), ids);
        if (mark) {
          word(text.substring(at, next), ids);
        }
        start = next;
      }
      at = next;
    }
    word(text.substring(start), ids);
  }

  private void word(String word, Ids ids) {
    if (word.isEmpty()) {
      return;
    }
    Integer whole = vocabulary.get(word);
    if (whole != null && word.length() <= longestWord) {
      ids.add(whole);
    } else if (word.codePointCount(0, word.length()) > longestWord) {
      ids.add(unknownId);
    } else {
      pieces(word, ids);
    }
  }

  private void pieces(String word, Ids ids) {
    int before = ids.size();
    for (int from = 0; from < word.length(); ) {
      int to = word.length();
      Integer piece = piece(word, from, to);
      while (piece == null && word.offsetByCodePoints(to, -1) > from) {
        to = word.offsetByCodePoints(to, -1);
        piece = piece(word, from, to);
      }
      if (piece == null) {
        ids.cutTo(before);
        ids.add(unknownId);
        return;
      }
      ids.add(piece);
      from = to;
    }
  }

  private @Nullable Integer piece(String word, int from, int to) {
    String part = word.substring(from, to);
    return vocabulary.get(from == 0 ? part : prefix.concat(part));
  }

  private static boolean isPunctuation(int character) {
    if (character < 0x80) {
      return character > ' ' && character < 0x7F && !Character.isLetterOrDigit(character);
    }
    return switch (Character.getType(character)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }
}
