package dev.retort.runtime;

import java.util.Collections;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// The facts in a `tokenizer.json` that the native library does not tell.
///
/// @param vocabularySize one more than the largest token id, added tokens included
/// @param padId the id that fills short rows of a batch; 0 when the file names none, which does no
///   harm because filled positions are masked
/// @param maskId the id that hides a token from a masked language model, if the file names one
/// @param specialIds the ids that no text spells, such as those of `[CLS]` and `[SEP]`
record TokenizerFile(
    int vocabularySize, int padId, OptionalInt maskId, SortedSet<Integer> specialIds) {

  TokenizerFile {
    specialIds = Collections.unmodifiableSortedSet(new TreeSet<>(specialIds));
  }

  /// Reads the file as a stream: vocabularies of 250,000 entries never become a tree.
  ///
  /// @throws JacksonException if the bytes are not JSON of this shape
  static TokenizerFile read(byte[] json) {
    try (JsonParser parser = JsonMapper.shared().createParser(json)) {
      return new Reader(parser).read();
    }
  }

  private static final class Reader {
    private static final Set<String> PAD_TOKENS =
        Set.of("[pad]", "<pad>", "<|pad|>", "<|padding|>");
    private static final Set<String> MASK_TOKENS = Set.of("[mask]", "<mask>");

    private final JsonParser parser;
    private int largestId = -1;
    private OptionalInt configuredPadId = OptionalInt.empty();
    private OptionalInt namedPadId = OptionalInt.empty();
    private OptionalInt maskId = OptionalInt.empty();
    private final SortedSet<Integer> specialIds = new TreeSet<>();

    Reader(JsonParser parser) {
      this.parser = parser;
    }

    TokenizerFile read() {
      parser.nextToken();
      while (nextProperty()) {
        switch (parser.currentName()) {
          case "padding" -> readPadding();
          case "added_tokens" -> readAddedTokens();
          case "model" -> readModel();
          default -> skipValue();
        }
      }
      int padId = configuredPadId.orElseGet(() -> namedPadId.orElse(0));
      return new TokenizerFile(largestId + 1, padId, maskId, specialIds);
    }

    private void readPadding() {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (nextProperty()) {
        if (parser.currentName().equals("pad_id")) {
          configuredPadId = OptionalInt.of(parser.nextIntValue(0));
        } else {
          skipValue();
        }
      }
    }

    private void readAddedTokens() {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        int id = 0;
        String content = "";
        boolean special = false;
        while (nextProperty()) {
          switch (parser.currentName()) {
            case "id" -> id = parser.nextIntValue(0);
            case "content" -> content = String.valueOf(parser.nextStringValue());
            case "special" -> special = parser.nextToken() == JsonToken.VALUE_TRUE;
            default -> skipValue();
          }
        }
        addToken(id, content.toLowerCase(Locale.ROOT), special);
      }
    }

    private void addToken(int id, String name, boolean special) {
      largestId = Math.max(largestId, id);
      if (namedPadId.isEmpty() && PAD_TOKENS.contains(name)) {
        namedPadId = OptionalInt.of(id);
      }
      if (maskId.isEmpty() && MASK_TOKENS.contains(name)) {
        maskId = OptionalInt.of(id);
      }
      if (special) {
        specialIds.add(id);
      }
    }

    private void readModel() {
      parser.nextToken();
      while (nextProperty()) {
        if (parser.currentName().equals("vocab")) {
          readVocabulary();
        } else {
          skipValue();
        }
      }
    }

    /// WordPiece, WordLevel and BPE map tokens to ids; Unigram lists its tokens in id order.
    private void readVocabulary() {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (nextProperty()) {
          largestId = Math.max(largestId, parser.nextIntValue(0));
        }
        return;
      }
      int entries = 0;
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        parser.skipChildren();
        entries++;
      }
      largestId = Math.max(largestId, entries - 1);
    }

    private boolean nextProperty() {
      return parser.nextToken() == JsonToken.PROPERTY_NAME;
    }

    private void skipValue() {
      parser.nextToken();
      parser.skipChildren();
    }
  }
}
