package dev.retort.gguf.convert;

import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufMetadata;
import dev.retort.gguf.GgufValue;
import dev.retort.gguf.convert.Token.Kind;
import dev.retort.gguf.convert.Vocabulary.Framing;
import dev.retort.gguf.convert.Vocabulary.Specials;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A tokenizer in the metadata of a GGUF file.
final class MetadataVocabulary {

  private static final String PREFIX = "tokenizer.ggml.";
  private static final String MODEL = PREFIX + "model";
  private static final String PRE = PREFIX + "pre";
  private static final String TOKENS = PREFIX + "tokens";
  private static final String SCORES = PREFIX + "scores";
  private static final String TYPES = PREFIX + "token_type";
  private static final String MERGES = PREFIX + "merges";
  private static final String BEGIN = PREFIX + "bos_token_id";
  private static final String END = PREFIX + "eos_token_id";
  private static final String UNKNOWN = PREFIX + "unknown_token_id";
  private static final String PADDING = PREFIX + "padding_token_id";
  private static final String ADD_BEGIN = PREFIX + "add_bos_token";
  private static final String ADD_END = PREFIX + "add_eos_token";
  private static final String SPACE_FIRST = PREFIX + "add_space_prefix";
  private static final String TEMPLATE = "tokenizer.chat_template";
  private static final String LETTERS = "llama";
  private static final String BYTES = "gpt2";

  /// The ids that llama.cpp takes for a vocabulary of letters where the file does not say.
  private static final int DEFAULT_UNKNOWN = 0;

  private static final int DEFAULT_BEGIN = 1;
  private static final int DEFAULT_END = 2;

  private MetadataVocabulary() {}

  /// Reads the tokenizer.
  static Vocabulary read(GgufMetadata metadata) throws GgufException {
    String model = metadata.text(MODEL);
    List<Token> tokens = tokens(metadata);
    return switch (model) {
      case LETTERS ->
          new Vocabulary(
              new Vocabulary.Kind.Letters(metadata.findFlag(SPACE_FIRST).orElse(true)),
              tokens,
              new Specials(
                  id(metadata, BEGIN, tokens, Optional.of(DEFAULT_BEGIN)),
                  id(metadata, END, tokens, Optional.of(DEFAULT_END)),
                  id(metadata, UNKNOWN, tokens, Optional.of(DEFAULT_UNKNOWN)),
                  id(metadata, PADDING, tokens, Optional.empty()),
                  framing(metadata, true)),
              metadata.findText(TEMPLATE));
      case BYTES -> {
        PreTokenizer preTokenizer = preTokenizer(metadata);
        yield new Vocabulary(
            new Vocabulary.Kind.Bytes(preTokenizer, merges(metadata)),
            tokens,
            new Specials(
                id(metadata, BEGIN, tokens, Optional.empty()),
                id(metadata, END, tokens, Optional.empty()),
                id(metadata, UNKNOWN, tokens, Optional.empty()),
                id(metadata, PADDING, tokens, Optional.empty()),
                framing(metadata, preTokenizer.beginsByDefault())),
            metadata.findText(TEMPLATE));
      }
      default ->
          throw new GgufException(
              "%s: the tokenizer '%s' cannot be converted; Retort knows %s and %s"
                  .formatted(metadata.origin(), model, LETTERS, BYTES));
    };
  }

  /// Adds the tokenizer to the metadata.
  static void write(Vocabulary vocabulary, SequencedMap<String, GgufValue> values) {
    List<Token> tokens = vocabulary.tokens();
    GgufValue texts = GgufValue.texts(tokens.stream().map(Token::text).toList());
    GgufValue types = GgufValue.int32s(tokens.stream().map(token -> token.kind().code()).toList());
    switch (vocabulary.kind()) {
      case Vocabulary.Kind.Letters(boolean spaceFirst) -> {
        values.put(MODEL, new GgufValue.Text(LETTERS));
        values.put(PRE, new GgufValue.Text(PreTokenizer.DEFAULT.ggufName()));
        values.put(TOKENS, texts);
        values.put(SCORES, GgufValue.float32s(tokens.stream().map(Token::score).toList()));
        values.put(TYPES, types);
        values.put(SPACE_FIRST, new GgufValue.Bool(spaceFirst));
      }
      case Vocabulary.Kind.Bytes(PreTokenizer preTokenizer, List<Merge> merges) -> {
        values.put(MODEL, new GgufValue.Text(BYTES));
        values.put(PRE, new GgufValue.Text(preTokenizer.ggufName()));
        values.put(TOKENS, texts);
        values.put(TYPES, types);
        values.put(MERGES, GgufValue.texts(merges.stream().map(Merge::text).toList()));
      }
    }
    Specials specials = vocabulary.specials();
    specials.begin().ifPresent(id -> values.put(BEGIN, GgufValue.uint32(id)));
    specials.end().ifPresent(id -> values.put(END, GgufValue.uint32(id)));
    specials.unknown().ifPresent(id -> values.put(UNKNOWN, GgufValue.uint32(id)));
    specials.padding().ifPresent(id -> values.put(PADDING, GgufValue.uint32(id)));
    values.put(ADD_BEGIN, new GgufValue.Bool(specials.framing().begin()));
    values.put(ADD_END, new GgufValue.Bool(specials.framing().end()));
    vocabulary
        .chatTemplate()
        .ifPresent(template -> values.put(TEMPLATE, new GgufValue.Text(template)));
  }

  private static List<Token> tokens(GgufMetadata metadata) throws GgufException {
    List<String> texts = metadata.findTexts(TOKENS).orElse(List.of());
    if (texts.isEmpty()) {
      throw new GgufException(
          "%s: metadata '%s' is missing or empty; a model without its tokens cannot be converted"
              .formatted(metadata.origin(), TOKENS));
    }
    List<Float> scores = metadata.findFloats(SCORES).orElse(Collections.nCopies(texts.size(), 0f));
    List<Integer> types =
        metadata.findInts(TYPES).orElse(Collections.nCopies(texts.size(), Kind.NORMAL.code()));
    requireSize(metadata, SCORES, scores.size(), texts.size());
    requireSize(metadata, TYPES, types.size(), texts.size());
    List<Token> tokens = new ArrayList<>(texts.size());
    for (int id = 0; id < texts.size(); id++) {
      tokens.add(
          new Token(texts.get(id), scores.get(id), Kind.ofCode(types.get(id)).orElse(Kind.NORMAL)));
    }
    return tokens;
  }

  private static void requireSize(GgufMetadata metadata, String key, int found, int tokens)
      throws GgufException {
    if (found != tokens) {
      throw new GgufException(
          "%s: metadata '%s' has %d values for %d tokens; convert the model again"
              .formatted(metadata.origin(), key, found, tokens));
    }
  }

  private static Optional<Integer> id(
      GgufMetadata metadata, String key, List<Token> tokens, Optional<Integer> otherwise)
      throws GgufException {
    Optional<Long> id = metadata.findWhole(key);
    if (id.isPresent() && (id.get() < 0 || id.get() >= tokens.size())) {
      throw new GgufException(
          "%s: metadata '%s' is %d, but there are %d tokens"
              .formatted(metadata.origin(), key, id.get(), tokens.size()));
    }
    return id.map(Math::toIntExact).or(() -> otherwise.filter(given -> given < tokens.size()));
  }

  private static Framing framing(GgufMetadata metadata, boolean begins) throws GgufException {
    return new Framing(
        metadata.findFlag(ADD_BEGIN).orElse(begins), metadata.findFlag(ADD_END).orElse(false));
  }

  private static PreTokenizer preTokenizer(GgufMetadata metadata) throws GgufException {
    String name = metadata.findText(PRE).orElse(PreTokenizer.DEFAULT.ggufName());
    return PreTokenizer.ofGgufName(name)
        .orElseThrow(() ->
            new GgufException(
                "%s: metadata '%s' is '%s'; Retort knows %s"
                    .formatted(metadata.origin(), PRE, name, PreTokenizer.allNames())));
  }

  private static List<Merge> merges(GgufMetadata metadata) throws GgufException {
    List<Merge> merges = new ArrayList<>();
    for (String text : metadata.findTexts(MERGES).orElse(List.of())) {
      merges.add(
          Merge.parse(text)
              .orElseThrow(() ->
                  new GgufException(
                      "%s: metadata '%s' has '%s', which is not two tokens"
                          .formatted(metadata.origin(), MERGES, text))));
    }
    return merges;
  }
}
