package dev.retort.model.table;

import dev.retort.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tokens that a `tokenizer.json` can find in a text.
///
/// Left out are the special tokens, which stand around a text and not in it, and the reserved ones
/// (`[unused7]`). The token for unknown words is special, but stands in the text.
///
/// @param size one more than the largest id, tokens that are left out included
/// @param ids the tokens that are kept, ascending
@SuppressWarnings("ArrayRecordComponent") // a vocabulary's worth of numbers, not changed
record Vocabulary(int size, int[] ids) {

  private static final Pattern RESERVED = Pattern.compile("\\[unused\\d+]");

  /// Reads a tokenizer file.
  ///
  /// @throws ModelException if it is not one, or no token is left
  static Vocabulary read(Path tokenizerJson) throws IOException {
    try {
      return of(JsonMapper.shared().readTree(Files.readString(tokenizerJson)), tokenizerJson);
    } catch (JacksonException e) {
      throw new ModelException(
          "%s is not JSON (%s); get the file again"
              .formatted(tokenizerJson, e.getOriginalMessage()));
    }
  }

  private static Vocabulary of(JsonNode json, Path file) {
    TreeMap<Integer, String> tokens = tokens(json.path("model").path("vocab"));
    Set<Integer> special = new HashSet<>();
    for (JsonNode added : json.path("added_tokens")) {
      int id = added.path("id").asInt();
      tokens.put(id, added.path("content").asString(""));
      if (added.path("special").asBoolean(false)) {
        special.add(id);
      }
    }
    unknown(json.path("model"), tokens).ifPresent(special::remove);
    int[] ids =
        tokens.entrySet().stream()
            .filter(token -> !special.contains(token.getKey()))
            .filter(token -> !RESERVED.matcher(token.getValue()).matches())
            .mapToInt(Map.Entry::getKey)
            .toArray();
    if (ids.length == 0) {
      throw new ModelException(
          "%s has no token that a text could have; a static student needs a vocabulary"
              .formatted(file));
    }
    return new Vocabulary(tokens.lastKey() + 1, ids);
  }

  /// WordPiece, WordLevel and BPE map tokens to ids; Unigram lists its tokens in id order.
  private static TreeMap<Integer, String> tokens(JsonNode vocabulary) {
    TreeMap<Integer, String> tokens = new TreeMap<>();
    if (vocabulary.isArray()) {
      vocabulary.forEach(entry -> tokens.put(tokens.size(), entry.path(0).asString("")));
    } else {
      vocabulary
          .properties()
          .forEach(entry -> tokens.put(entry.getValue().asInt(), entry.getKey()));
    }
    return tokens;
  }

  private static OptionalInt unknown(JsonNode model, Map<Integer, String> tokens) {
    if (model.path("unk_id").isInt()) {
      return OptionalInt.of(model.path("unk_id").intValue());
    }
    String name = model.path("unk_token").asString("");
    return tokens.entrySet().stream()
        .filter(token -> token.getValue().equals(name))
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }
}
