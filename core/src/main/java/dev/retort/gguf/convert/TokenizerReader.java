package dev.retort.gguf.convert;

import dev.retort.gguf.GgufException;
import dev.retort.gguf.convert.Vocabulary.Framing;
import dev.retort.gguf.convert.Vocabulary.Kind;
import dev.retort.gguf.convert.Vocabulary.Specials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads a tokenizer of Hugging Face's library: `tokenizer.json`, `tokenizer_config.json` and the
/// ids in `config.json`.
///
/// @param file `tokenizer.json`
/// @param settings `tokenizer_config.json`, or nothing
/// @param model `config.json`
/// @param folder the folder with all of them
record TokenizerReader(JsonFile file, JsonFile settings, JsonFile model, Path folder) {

  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");
  private static final String TEMPLATE_FILE = "chat_template.jinja";
  private static final String TYPE = "type";
  private static final String ADDED = "added_tokens";

  /// The tokenizer in a model folder.
  static TokenizerReader of(Path folder, JsonFile config) throws IOException {
    return new TokenizerReader(
        JsonFile.read(folder.resolve(TokenizerWriter.FILE)),
        JsonFile.readIfThere(folder.resolve(TokenizerWriter.CONFIG_FILE)),
        config,
        folder);
  }

  /// Reads the tokenizer, filled up to `size` tokens.
  Vocabulary read(int size) throws IOException {
    JsonNode bpe = file.node().path("model");
    if (!bpe.path(TYPE).stringValue("").equals("BPE")) {
      throw file.refused(
          "model.type is %s; Retort converts BPE tokenizers to GGUF".formatted(bpe.path(TYPE)));
    }
    Kind kind = kind();
    Map<String, Integer> ids = ids(bpe.path("vocab"));
    Specials specials = specials(ids);
    return new Vocabulary(
        kind, tokens(ids, kind, specials.unknown(), size), specials, chatTemplate());
  }

  private Kind kind() throws GgufException {
    JsonNode splitting = file.node().path("pre_tokenizer");
    Optional<PreTokenizer> preTokenizer = PreTokenizer.ofJson(splitting);
    if (preTokenizer.isPresent()) {
      return new Kind.Bytes(preTokenizer.get(), merges());
    }
    if (!file.node().path("model").path("byte_fallback").booleanValue(false)) {
      throw file.refused(
          "the pre_tokenizer %s is none that Retort knows under a name of llama.cpp: %s"
              .formatted(splitting, PreTokenizer.allNames()));
    }
    String text = file.node().path("normalizer").toString();
    boolean spaceFirst =
        text.contains("\"Prepend\"")
            || (splitting.path(TYPE).stringValue("").equals("Metaspace")
                && !splitting.path("prepend_scheme").stringValue("always").equals("never"));
    return new Kind.Letters(spaceFirst);
  }

  private List<Merge> merges() throws GgufException {
    List<Merge> merges = new ArrayList<>();
    for (JsonNode node : file.node().path("model").path("merges")) {
      Optional<Merge> merge =
          node.isArray() && node.size() == 2
              ? Optional.of(new Merge(node.get(0).stringValue(""), node.get(1).stringValue("")))
              : Merge.parse(node.stringValue(""));
      merges.add(merge.orElseThrow(() -> file.refused("model.merges has %s".formatted(node))));
    }
    return merges;
  }

  private Map<String, Integer> ids(JsonNode vocab) throws GgufException {
    Map<String, Integer> ids = new HashMap<>();
    for (Map.Entry<String, JsonNode> token : vocab.properties()) {
      ids.put(token.getKey(), token.getValue().intValue(-1));
    }
    for (JsonNode added : file.node().path(ADDED)) {
      ids.put(added.path("content").stringValue(""), added.path("id").intValue(-1));
    }
    if (ids.isEmpty() || ids.containsValue(-1)) {
      throw file.refused("model.vocab must have tokens with their numbers");
    }
    return ids;
  }

  /// The tokens by id, with fillers where a number has no token.
  private List<Token> tokens(
      Map<String, Integer> ids, Kind kind, Optional<Integer> unknown, int size)
      throws GgufException {
    List<Token> tokens = new ArrayList<>(size);
    for (int id = 0; id < size; id++) {
      tokens.add(new Token("[PAD%d]".formatted(id), 0, Token.Kind.UNUSED));
    }
    Map<String, Float> scores =
        kind instanceof Kind.Letters ? ScoredMerges.toScores(merges()) : Map.of();
    float last = -scores.size();
    for (Map.Entry<String, Integer> entry : ids.entrySet()) {
      String text = entry.getKey();
      if (entry.getValue() >= size) {
        throw file.refused(
            "token '%s' has the number %d, but the model has embeddings for %d tokens"
                .formatted(text, entry.getValue(), size));
      }
      boolean isByte = kind instanceof Kind.Letters && BYTE.matcher(text).matches();
      tokens.set(
          entry.getValue(),
          isByte
              ? new Token(text, 0, Token.Kind.BYTE)
              : new Token(text, scores.getOrDefault(text, last), Token.Kind.NORMAL));
    }
    for (JsonNode added : file.node().path(ADDED)) {
      int id = added.path("id").intValue(-1);
      tokens.set(id, added(added, kind, unknown.filter(given -> given == id).isPresent()));
    }
    return tokens;
  }

  private static Token added(JsonNode node, Kind kind, boolean unknown) {
    String text = node.path("content").stringValue("");
    if (node.path("special").booleanValue(false)) {
      boolean stands = unknown && kind instanceof Kind.Letters;
      return new Token(text, 0, stands ? Token.Kind.UNKNOWN : Token.Kind.CONTROL);
    }
    String spelled = kind instanceof Kind.Letters ? text.replace(TokenizerWriter.SPACE, " ") : text;
    return new Token(spelled, 0, Token.Kind.USER_DEFINED);
  }

  private Specials specials(Map<String, Integer> ids) throws GgufException {
    Optional<Integer> begin = special("bos_token", "bos_token_id", ids);
    Optional<Integer> end = special("eos_token", "eos_token_id", ids);
    return new Specials(
        begin,
        end,
        special("unk_token", "unk_token_id", ids),
        special("pad_token", "pad_token_id", ids),
        framing(begin, end));
  }

  /// A token by its text in the tokenizer's settings, or else by its id in the model's.
  private Optional<Integer> special(String text, String id, Map<String, Integer> ids)
      throws GgufException {
    Optional<JsonNode> named = settings.find(text);
    if (named.isPresent()) {
      String content =
          named.get().isObject()
              ? named.get().path("content").stringValue("")
              : named.get().stringValue("");
      Integer found = ids.get(content);
      if (found == null) {
        throw settings.refused(
            "%s is '%s', which %s does not have".formatted(text, content, file.place()));
      }
      return Optional.of(found);
    }
    Optional<JsonNode> number = model.find(id);
    return number.map(value -> value.isArray() ? value.path(0).intValue(0) : value.intValue(0));
  }

  private Framing framing(Optional<Integer> begin, Optional<Integer> end) {
    List<JsonNode> parts = new ArrayList<>();
    collectTemplate(file.node().path("post_processor"), parts);
    return new Framing(
        begin.isPresent() && !parts.isEmpty() && parts.getFirst().has("SpecialToken"),
        end.isPresent() && !parts.isEmpty() && parts.getLast().has("SpecialToken"));
  }

  private static void collectTemplate(JsonNode processor, List<JsonNode> parts) {
    processor.path("single").forEach(parts::add);
    processor.path("processors").forEach(step -> collectTemplate(step, parts));
  }

  private Optional<String> chatTemplate() throws IOException {
    Path own = folder.resolve(TEMPLATE_FILE);
    return Files.exists(own)
        ? Optional.of(Files.readString(own))
        : settings.find("chat_template").filter(JsonNode::isString).map(JsonNode::stringValue);
  }
}
