package dev.retort.gguf.convert;

import java.util.List;
import java.util.Optional;

/// A decoder's tokenizer, as both worlds need it. Both kinds merge pairs of tokens (BPE).
///
/// @param kind what the tokens are made of
/// @param tokens the tokens by id
/// @param specials the tokens that begin and end a text
/// @param chatTemplate the Jinja template of a conversation, if there is one
record Vocabulary(Kind kind, List<Token> tokens, Specials specials, Optional<String> chatTemplate) {

  /// Keeps a copy of the tokens.
  Vocabulary {
    tokens = List.copyOf(tokens);
  }

  /// What tokens are made of, and what decides the order of merges.
  sealed interface Kind {

    /// SentencePiece's: letters, with `▁` for a space and bytes where a letter has no token; tokens
    /// with higher scores are merged first.
    ///
    /// @param spaceFirst whether a text is read as if it began with a space
    record Letters(boolean spaceFirst) implements Kind {}

    /// GPT-2's: bytes spelled as letters; merges happen in the order of the list, within the pieces
    /// of a regular expression.
    record Bytes(PreTokenizer preTokenizer, List<Merge> merges) implements Kind {
      /// Keeps a copy of the merges.
      public Bytes {
        merges = List.copyOf(merges);
      }
    }
  }

  /// The tokens with a part to play, by id.
  ///
  /// @param begin the first token of a text
  /// @param end the last token of a text or an answer
  /// @param unknown what stands for text without a token
  /// @param padding what fills batches up
  record Specials(
      Optional<Integer> begin,
      Optional<Integer> end,
      Optional<Integer> unknown,
      Optional<Integer> padding,
      Framing framing) {}

  /// What a text gets around it.
  ///
  /// @param begin whether it gets the first token
  /// @param end whether it gets the last token
  record Framing(boolean begin, boolean end) {}

  /// The text of a token.
  String text(int id) {
    return tokens.get(id).text();
  }
}
