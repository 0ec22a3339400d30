package dev.retort.gguf.convert;

import java.util.Arrays;
import java.util.Optional;

/// A token of a decoder's vocabulary.
///
/// @param text how the model of the tokenizer spells it: spaces as `▁` or bytes as GPT-2's letters
/// @param score the higher, the earlier its two parts are merged; 0 where merges are listed
record Token(String text, float score, Kind kind) {

  /// What a token is for, with llama.cpp's numbers.
  enum Kind {
    NORMAL(1),
    /// Stands for what has no token.
    UNKNOWN(2),
    /// Found in a text as it is, and never shown.
    CONTROL(3),
    /// Found in a text as it is.
    USER_DEFINED(4),
    /// Fills the vocabulary up.
    UNUSED(5),
    /// A byte, such as `<0x0A>`.
    BYTE(6);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Optional<Kind> ofCode(int code) {
      return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
    }
  }

  /// Whether it is found in a text before the rest is split.
  boolean isAdded() {
    return kind == Kind.CONTROL || kind == Kind.USER_DEFINED || kind == Kind.UNKNOWN;
  }
}
