package dev.retort.model.decoder;

import dev.retort.model.ModelException;
import dev.retort.model.ModelJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The tokens that a `tokenizer.json` knows, added ones included.
///
/// @param byToken the id of each
public record TokenIds(NavigableMap<String, Integer> byToken) {

  public TokenIds {
    byToken = Collections.unmodifiableNavigableMap(new TreeMap<>(byToken));
  }

  /// Reads them from a `tokenizer.json`.
  ///
  /// @throws ModelException if the file is not valid JSON
  public static TokenIds read(Path tokenizer) throws IOException {
    JsonNode json = ModelJson.read(tokenizer);
    TreeMap<String, Integer> ids = new TreeMap<>();
    JsonNode vocabulary = json.path("model").path("vocab");
    // WordPiece, WordLevel and BPE map tokens to ids; Unigram lists its tokens in id order.
    vocabulary.properties().forEach(token -> ids.put(token.getKey(), token.getValue().asInt()));
    for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
      ids.put(vocabulary.path(id).path(0).asString(""), id);
    }
    for (JsonNode added : json.path("added_tokens")) {
      ids.put(added.path("content").asString(""), added.path("id").asInt());
    }
    return new TokenIds(ids);
  }

  /// One more than the largest id: how many rows of an embedding mean something.
  public int size() {
    return byToken.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }

  /// In what these tokens differ from `others`, in words: which only one of both has, and which
  /// have another id. Empty if they are the same.
  public List<String> differences(TokenIds others) {
    List<String> differences = new ArrayList<>();
    add(differences, "%d tokens are missing, such as %s", others.without(this));
    add(differences, "%d tokens are more, such as %s", without(others));
    List<String> moved =
        byToken.keySet().stream()
            .filter(others.byToken::containsKey)
            .filter(token -> !Objects.equals(byToken.get(token), others.byToken.get(token)))
            .map(token ->
                "'%s' (%d, not %d)".formatted(token, byToken.get(token), others.byToken.get(token)))
            .toList();
    add(differences, "%d tokens have another id, such as %s", moved);
    return differences;
  }

  private List<String> without(TokenIds others) {
    return byToken.keySet().stream()
        .filter(token -> !others.byToken.containsKey(token))
        .map("'%s'"::formatted)
        .toList();
  }

  private static void add(List<String> differences, String sentence, List<String> tokens) {
    if (!tokens.isEmpty()) {
      differences.add(sentence.formatted(tokens.size(), tokens.getFirst()));
    }
  }
}
