package dev.retort.runtime;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Recognises a `tokenizer.json` that [BertTokenizer] can stand in for: normalizer, words, pieces
/// and template are BERT's to the letter. Any other file is left to the native library.
final class BertTokenizerFile {

  private static final List<String> ADDED_TOKEN_OPTIONS =
      List.of("single_word", "lstrip", "rstrip", "normalized");

  private final ObjectNode sections = JsonMapper.shared().createObjectNode();
  private final ObjectNode model = JsonMapper.shared().createObjectNode();
  private final Map<String, Integer> vocabulary = new HashMap<>();

  private BertTokenizerFile() {}

  /// The tokenizer in plain Java, if the file is one that it understands.
  ///
  /// @throws JacksonException if the bytes are not JSON
  static Optional<BertTokenizer> read(byte[] json) {
    BertTokenizerFile file = new BertTokenizerFile();
    try (JsonParser parser = JsonMapper.shared().createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("model")) {
          file.readModel(parser);
        } else {
          file.sections.set(name, parser.readValueAsTree());
        }
      }
    }
    return file.isBert() ? file.tokenizer() : Optional.empty();
  }

  /// The vocabulary never becomes a tree: it may have 250,000 entries.
  private void readModel(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT && name.equals("vocab")) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          vocabulary.put(parser.currentName(), parser.nextIntValue(-1));
        }
      } else if (value == JsonToken.START_ARRAY) {
        parser.skipChildren();
      } else {
        model.set(name, parser.readValueAsTree());
      }
    }
  }

  private boolean isBert() {
    return type(sections.path("normalizer")).equals("BertNormalizer")
        && type(sections.path("pre_tokenizer")).equals("BertPreTokenizer")
        && type(sections.path("post_processor")).equals("TemplateProcessing")
        && type(model).equals("WordPiece")
        && sections.path("added_tokens").valueStream().allMatch(BertTokenizerFile::isPlain);
  }

  private Optional<BertTokenizer> tokenizer() {
    JsonNode template = sections.path("post_processor");
    String begin = template.at("/single/0/SpecialToken/id").asString("");
    String end = template.at("/single/2/SpecialToken/id").asString("");
    Optional<Integer> unknownId = id(model.path("unk_token").asString(""));
    Optional<Integer> beginId = specialId(begin);
    Optional<Integer> endId = specialId(end);
    if (!parts(template.path("single")).equals("%s 0, A 0, %s 0".formatted(begin, end))
        || !parts(template.path("pair"))
            .equals("%s 0, A 0, %s 0, B 1, %s 1".formatted(begin, end, end))
        || unknownId.isEmpty()
        || beginId.isEmpty()
        || endId.isEmpty()) {
      return Optional.empty();
    }
    WordPiece pieces =
        new WordPiece(
            vocabulary,
            unknownId.get(),
            model.path("continuing_subword_prefix").asString("##"),
            model.path("max_input_chars_per_word").asInt(100));
    return Optional.of(
        new BertTokenizer(normalizer(), pieces, addedTokens(), beginId.get(), endId.get()));
  }

  private BertNormalizer normalizer() {
    boolean lowercase = isOn("lowercase", true);
    return new BertNormalizer(
        isOn("clean_text", true),
        isOn("handle_chinese_chars", true),
        isOn("strip_accents", lowercase),
        lowercase);
  }

  private boolean isOn(String setting, boolean otherwise) {
    JsonNode value = sections.path("normalizer").path(setting);
    return value.isBoolean() ? value.booleanValue() : otherwise;
  }

  private BertTokenizer.AddedTokens addedTokens() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    sections
        .path("added_tokens")
        .valueStream()
        .forEach(token -> ids.put(token.path("content").asString(), token.path("id").asInt()));
    return BertTokenizer.AddedTokens.of(ids);
  }

  private static boolean isPlain(JsonNode addedToken) {
    return !addedToken.path("content").asString("").isEmpty()
        && addedToken.path("id").isInt()
        && ADDED_TOKEN_OPTIONS.stream().noneMatch(name -> addedToken.path(name).asBoolean(false));
  }

  /// What a template puts together, each part with its segment: `[CLS] 0, A 0, [SEP] 0`.
  private static String parts(JsonNode template) {
    return template
        .valueStream()
        .map(part -> part.has("SpecialToken") ? part.path("SpecialToken") : part.path("Sequence"))
        .map(part -> part.path("id").asString("") + " " + part.path("type_id").asInt(-1))
        .collect(Collectors.joining(", "));
  }

  private Optional<Integer> specialId(String token) {
    JsonNode ids = sections.path("post_processor").path("special_tokens").path(token).path("ids");
    return ids.size() == 1 ? Optional.of(ids.path(0).asInt()) : Optional.empty();
  }

  private Optional<Integer> id(String token) {
    return Optional.ofNullable(vocabulary.get(token));
  }

  private static String type(JsonNode section) {
    return section.path("type").asString("");
  }
}
