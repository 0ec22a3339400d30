package dev.retort.align;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.retort.model.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The bytes that each token of a vocabulary stands for in a text.
///
/// They are read from the token's own string and not from the offsets that a tokenizer reports:
/// these are offsets of characters, and all tokens of one emoji have that of the whole emoji. Known
/// are the tokens of byte-level BPE (GPT-2, Llama 3, Qwen), where `Ġ` is the byte of a space, and
/// those of SentencePiece (Llama 2, Mistral, Gemma), where it is `▁` and `<0xF0>` is a byte.
public final class TokenBytes {

  private static final String SPACE_MARK = "▁";

  private final Map<Integer, byte[]> bytes;
  private final BitSet special;
  private final BitSet single;

  private TokenBytes(Map<Integer, byte[]> bytes, BitSet special, BitSet single) {
    this.bytes = bytes;
    this.special = special;
    this.single = single;
  }

  /// Reads a `tokenizer.json`.
  ///
  /// @throws ModelException if it is none, or one whose tokens do not tell the text that they were
  ///   made of, as those of BERT do not
  public static TokenBytes read(Path tokenizerJson) throws IOException {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(tokenizerJson));
      return new Reader(tokenizerJson, json).read();
    } catch (JacksonException e) {
      throw new ModelException(
          "%s is not a readable tokenizer: %s".formatted(tokenizerJson, e.getOriginalMessage()), e);
    }
  }

  /// The bytes of a token, special or not; none if no token has this id.
  public Optional<byte[]> of(int id) {
    return Optional.ofNullable(bytes.get(id)).map(byte[]::clone);
  }

  /// How many bytes a token has; 0 if no token has this id.
  int length(int id) {
    byte[] found = bytes.get(id);
    return found == null ? 0 : found.length;
  }

  /// Appends the bytes of a token.
  void append(int id, ByteArrayOutputStream text) {
    byte[] found = bytes.get(id);
    if (found != null) {
      text.writeBytes(found);
    }
  }

  /// Whether a token is one that marks something, such as the beginning of a text.
  public boolean isSpecial(int id) {
    return special.get(id);
  }

  /// The ids of all tokens by what tells them apart: their bytes, and whether they are special. Of
  /// two that spell the same, it is the one that is not a byte for characters without a token.
  Map<String, Integer> bySpelling() {
    Map<String, Integer> ids = new HashMap<>();
    bytes.forEach((id, spelt) -> {
      String key = key(id, spelt);
      ids.merge(key, id, (a, b) -> single.get(a) == single.get(b) ? Math.min(a, b) : plain(a, b));
    });
    return ids;
  }

  private int plain(int a, int b) {
    return single.get(a) ? b : a;
  }

  private String key(int id, byte[] spelt) {
    // Every byte is one character of ISO 8859-1.
    return (special.get(id) ? "special " : "text ")
        + new String(spelt, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /// Finds out how the file's tokens are written, and what they mean.
  private static final class Reader {

    private final Path file;
    private final JsonNode json;
    private final boolean byteLevel;
    private final boolean marksSpaces;
    private final boolean byteFallback;
    private final TokenBytes found = new TokenBytes(new HashMap<>(), new BitSet(), new BitSet());

    Reader(Path file, JsonNode json) {
      this.file = file;
      this.json = json;
      this.byteLevel = mentions("ByteLevel", "pre_tokenizer", "decoder");
      this.marksSpaces =
          mentions("Metaspace", "pre_tokenizer", "decoder")
              || json.path("normalizer").toString().contains(SPACE_MARK)
              || json.path("decoder").toString().contains(SPACE_MARK);
      this.byteFallback = json.path("model").path("byte_fallback").asBoolean(false);
    }

    private boolean mentions(String type, String... parts) {
      for (String part : parts) {
        if (json.path(part).toString().contains("\"type\":\"%s\"".formatted(type))) {
          return true;
        }
      }
      return false;
    }

    TokenBytes read() {
      JsonNode vocabulary = json.path("model").path("vocab");
      if (!byteLevel && !marksSpaces) {
        throw new ModelException(
            "%s: tokens of type %s without byte-level or SentencePiece spaces do not tell which bytes of a text they were; such a tokenizer cannot be aligned with another one"
                .formatted(file, json.path("model").path("type").asString("?")));
      }
      if (vocabulary.isArray()) {
        for (int id = 0; id < vocabulary.size(); id++) {
          add(id, vocabulary.get(id).path(0).asString());
        }
      } else {
        vocabulary.properties().forEach(token -> add(token.getValue().intValue(), token.getKey()));
      }
      for (JsonNode added : json.path("added_tokens")) {
        int id = added.path("id").intValue();
        found.bytes.put(id, added.path("content").asString().getBytes(UTF_8));
        found.special.set(id, added.path("special").asBoolean(false));
      }
      return found;
    }

    private void add(int id, String token) {
      if (byteFallback && token.matches("<0x[0-9A-Fa-f]{2}>")) {
        found.bytes.put(id, new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)});
        found.single.set(id);
      } else {
        found.bytes.put(
            id,
            byteLevel ? ByteLevel.bytes(token) : token.replace(SPACE_MARK, " ").getBytes(UTF_8));
      }
    }
  }
}
