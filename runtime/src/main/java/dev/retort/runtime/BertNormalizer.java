package dev.retort.runtime;

import java.text.Normalizer;

/// Brings a text into the form that a BERT vocabulary is written in, as the normalizer of that name
/// in Hugging Face's tokenizers does.
///
/// Of the characters that this class does not cover, Java's Unicode tables and those of the native
/// library tell different things; a test asks both about every character there is.
///
/// @param cleanText whether control characters go and all white space becomes a space
/// @param handleChineseChars whether each Chinese character becomes a word of its own
/// @param stripAccents whether letters lose their accents
/// @param lowercase whether letters become small
record BertNormalizer(
    boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase) {

  /// First and last of each range of characters on which Java and the native library agree.
  private static final int[][] COVERED = {
    {0x0000, 0x012F},
    {0x0131, 0x05FF},
    {0x0E00, 0x0E7F},
    {0x1E00, 0x2DFF},
    {0x2E80, 0xA4CF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE00, 0xFFFF},
    {0x1F000, 0x1FBFF},
    {0x20000, 0x2FA1F},
  };

  private static final int[][] CHINESE = {
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF},
    {0x20000, 0x2A6DF},
    {0x2A700, 0x2B73F},
    {0x2B740, 0x2B81F},
    {0x2B920, 0x2CEAF},
    {0x2F800, 0x2FA1F},
  };

  private static final int REPLACEMENT = 0xFFFD;
  private static final int NEXT_LINE = 0x85;
  private static final int FIRST_NOT_ASCII = 0x80;

  /// Whether every character of `text` is one that this class treats as the native library does.
  static boolean covers(String text) {
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      if (character >= FIRST_NOT_ASCII && !within(COVERED, character)) {
        return false;
      }
      at += Character.charCount(character);
    }
    return true;
  }

  /// The normalized text.
  String normalize(String text) {
    StringBuilder cleaned = new StringBuilder(text.length() + 16);
    boolean ascii = true;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      ascii &= character < FIRST_NOT_ASCII;
      append(character, cleaned);
    }
    if (stripAccents && !ascii) {
      return lowered(withoutAccents(cleaned));
    }
    return lowered(cleaned);
  }

  private void append(int character, StringBuilder out) {
    if (cleanText && isRemoved(character)) {
      return;
    }
    if (cleanText && isWhiteSpace(character)) {
      out.append(' ');
    } else if (handleChineseChars && within(CHINESE, character)) {
      out.append(' ').appendCodePoint(character).append(' ');
    } else {
      out.appendCodePoint(character);
    }
  }

  private static StringBuilder withoutAccents(CharSequence text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
    StringBuilder plain = new StringBuilder(decomposed.length());
    decomposed
        .codePoints()
        .filter(character -> Character.getType(character) != Character.NON_SPACING_MARK)
        .forEach(plain::appendCodePoint);
    return plain;
  }

  /// Letter by letter, without the rules of whole words that [String#toLowerCase] knows.
  private String lowered(StringBuilder text) {
    if (lowercase) {
      for (int at = 0; at < text.length(); at++) {
        char unit = text.charAt(at);
        if (Character.isSurrogate(unit)) {
          return surrogatesLowered(text);
        }
        text.setCharAt(at, (char) Character.toLowerCase((int) unit));
      }
    }
    return text.toString();
  }

  private static String surrogatesLowered(StringBuilder text) {
    return text.codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isRemoved(int character) {
    return switch (character) {
      case '\t', '\n', '\r' -> false;
      case 0, REPLACEMENT -> true;
      default ->
          switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
            default -> false;
          };
    };
  }

  /// Unicode's property `White_Space`.
  static boolean isWhiteSpace(int character) {
    return (character >= '\t' && character <= '\r')
        || character == NEXT_LINE
        || Character.isSpaceChar(character);
  }

  private static boolean within(int[][] ranges, int character) {
    for (int[] range : ranges) {
      if (character >= range[0] && character <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
