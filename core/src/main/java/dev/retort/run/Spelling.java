package dev.retort.run;

import dev.retort.runtime.Tokenizer;
import java.util.Arrays;

/// What tokens say to people.
///
/// @param tokenizer of the model whose tokens they are
record Spelling(Tokenizer tokenizer) {

  /// What decoders write for bytes that are no character.
  private static final String REPLACEMENT = "\ufffd";

  /// Whether a token says nothing, such as the end of a turn.
  boolean isSpecial(int id) {
    return tokenizer.specialIds().contains(id);
  }

  /// The text of `ids` without special tokens, and without white space around it.
  String text(int... ids) {
    return spoken(ids).strip();
  }

  /// The text of `ids` as [#text] has it, where they may stop in the middle of a character: what
  /// there is of its bytes is left out.
  String cutText(int... ids) {
    return whole(text(ids)).strip();
  }

  /// The text of `ids` as [#cutText] has it, with the white space around it.
  String continuation(int... ids) {
    return whole(spoken(ids));
  }

  private String spoken(int... ids) {
    return tokenizer.decode(Arrays.stream(ids).filter(id -> !isSpecial(id)).toArray());
  }

  private static String whole(String text) {
    int end = text.length();
    while (text.startsWith(REPLACEMENT, end - 1)) {
      end--;
    }
    return text.substring(0, end);
  }
}
