package dev.retort.gguf.convert;

import dev.retort.gguf.GgufException;
import dev.retort.gguf.convert.Vocabulary.Framing;
import dev.retort.gguf.convert.Vocabulary.Kind;
import dev.retort.gguf.convert.Vocabulary.Specials;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The vocabulary of llama2.c (`tokenizer.bin`): the length of the longest token, and for each
/// token its score, its length and its bytes. It is SentencePiece's with spaces for `▁`.
final class Llama2cTokens {

  private static final int UNKNOWN = 0;
  private static final int BEGIN = 1;
  private static final int END = 2;
  private static final int FIRST_BYTE = 3;
  private static final int BYTES = 256;

  private Llama2cTokens() {}

  /// Reads the `count` tokens of a file.
  static Vocabulary read(Path file, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Token> tokens = new ArrayList<>();
    try {
      buffer.getInt();
      for (int id = 0; id < count; id++) {
        float score = buffer.getFloat();
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
          throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        tokens.add(token(id, new String(bytes, StandardCharsets.UTF_8), score));
      }
    } catch (BufferUnderflowException e) {
      throw new GgufException(
          "%s: the model has %d tokens, but the file ends in token %d; give the tokenizer that the model was trained with"
              .formatted(file, count, tokens.size()),
          e);
    }
    if (buffer.hasRemaining()) {
      throw new GgufException(
          "%s: the model has %d tokens, but the file goes on for %d bytes; give the tokenizer that the model was trained with"
              .formatted(file, count, buffer.remaining()));
    }
    return new Vocabulary(
        new Kind.Letters(true),
        tokens,
        new Specials(
            Optional.of(BEGIN),
            Optional.of(END),
            Optional.of(UNKNOWN),
            Optional.empty(),
            new Framing(true, false)),
        Optional.empty());
  }

  private static Token token(int id, String text, float score) {
    return switch (id) {
      case UNKNOWN -> new Token("<unk>", score, Token.Kind.UNKNOWN);
      case BEGIN -> new Token("<s>", score, Token.Kind.CONTROL);
      case END -> new Token("</s>", score, Token.Kind.CONTROL);
      default ->
          id < FIRST_BYTE + BYTES
              ? new Token("<0x%02X>".formatted(id - FIRST_BYTE), score, Token.Kind.BYTE)
              : new Token(text.replace(" ", TokenizerWriter.SPACE), score, Token.Kind.NORMAL);
    };
  }
}
