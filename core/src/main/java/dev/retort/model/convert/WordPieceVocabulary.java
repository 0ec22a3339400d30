package dev.retort.model.convert;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The `vocab.txt` of a BERT, one token a line, and the `tokenizer.json` that means the same.
///
/// @param ids the number of every token, in the order of the file
record WordPieceVocabulary(SequencedMap<String, Integer> ids) {

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  /// Words of more characters become `[UNK]`, as in BERT's own tokenizer.
  private static final int LONGEST_WORD = 100;

  private static final JsonMapper JSON = JsonMapper.shared();

  /// Reads `file`.
  ///
  /// @param place what messages call it
  /// @throws ConversionException when a token repeats or a special token is missing
  static WordPieceVocabulary read(String place, Path file) throws IOException {
    SequencedMap<String, Integer> ids = new LinkedHashMap<>();
    for (String token : lines(place, file)) {
      Integer before = ids.putIfAbsent(token, ids.size());
      if (before != null) {
        throw new ConversionException(
            "%s: line %d repeats the token '%s' of line %d"
                .formatted(place, ids.size() + 1, token, before + 1));
      }
    }
    for (String special : SPECIAL) {
      if (!ids.containsKey(special)) {
        throw new ConversionException(
            "%s: none of its %d lines is %s, which BERT's tokenizer needs"
                .formatted(place, ids.size(), special));
      }
    }
    return new WordPieceVocabulary(ids);
  }

  private static List<String> lines(String place, Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new ConversionException("%s: not UTF-8; fetch the file again".formatted(place), e);
    }
  }

  /// The number of `token`.
  int id(String token) {
    return ids.getOrDefault(token, 0);
  }

  /// BERT's tokenizer: cleaned text, split at spaces, punctuation and Chinese characters, and words
  /// cut into the longest known pieces.
  ObjectNode tokenizer(boolean lowerCase) {
    ObjectNode tokenizer = JSON.createObjectNode();
    tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = tokenizer.putArray("added_tokens");
    ids.forEach((token, id) -> {
      if (SPECIAL.contains(token)) {
        addToken(added, token, id);
      }
    });
    tokenizer
        .putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .putNull("strip_accents")
        .put("lowercase", lowerCase);
    tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    tokenizer.set("post_processor", template());
    tokenizer
        .putObject("decoder")
        .put("type", "WordPiece")
        .put("prefix", "##")
        .put("cleanup", true);
    tokenizer.set("model", model());
    return tokenizer;
  }

  private static void addToken(ArrayNode added, String token, int id) {
    added
        .addObject()
        .put("id", id)
        .put("content", token)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private ObjectNode model() {
    ObjectNode model = JSON.createObjectNode();
    model
        .put("type", "WordPiece")
        .put("unk_token", "[UNK]")
        .put("continuing_subword_prefix", "##")
        .put("max_input_chars_per_word", LONGEST_WORD);
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    return model;
  }

  /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, where B has token type 1.
  private ObjectNode template() {
    ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
    begin(template.putArray("single"));
    ArrayNode pair = template.putArray("pair");
    begin(pair);
    part(pair, "Sequence", "B", 1);
    part(pair, "SpecialToken", "[SEP]", 1);
    ObjectNode special = template.putObject("special_tokens");
    for (String token : List.of("[CLS]", "[SEP]")) {
      ObjectNode entry = special.putObject(token).put("id", token);
      entry.putArray("ids").add(id(token));
      entry.putArray("tokens").add(token);
    }
    return template;
  }

  private static void begin(ArrayNode parts) {
    part(parts, "SpecialToken", "[CLS]", 0);
    part(parts, "Sequence", "A", 0);
    part(parts, "SpecialToken", "[SEP]", 0);
  }

  private static void part(ArrayNode parts, String kind, String id, int type) {
    parts.addObject().putObject(kind).put("id", id).put("type_id", type);
  }
}
