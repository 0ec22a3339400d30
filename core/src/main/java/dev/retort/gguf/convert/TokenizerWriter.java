package dev.retort.gguf.convert;

import dev.retort.gguf.convert.Vocabulary.Kind;
import dev.retort.gguf.convert.Vocabulary.Specials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a tokenizer as Hugging Face's library reads it: `tokenizer.json` and
/// `tokenizer_config.json`.
///
/// @param vocabulary the tokenizer
/// @param context how many tokens the model reads
record TokenizerWriter(Vocabulary vocabulary, int context) {

  static final String FILE = "tokenizer.json";
  static final String CONFIG_FILE = "tokenizer_config.json";
  static final String SPACE = "▁";
  private static final String TYPE = "type";

  /// What llama.cpp's converter calls embeddings that have no token.
  private static final Pattern FILLER = Pattern.compile("\\[PAD\\d+]");

  /// Writes both files.
  void write(Path folder) throws IOException {
    ObjectNode root = JsonFile.object().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    root.set("added_tokens", addedTokens());
    switch (vocabulary.kind()) {
      case Kind.Letters(boolean spaceFirst) -> {
        root.set("normalizer", letterNormalizer(spaceFirst));
        root.putNull("pre_tokenizer");
        root.set("decoder", letterDecoder(spaceFirst));
        root.set("model", model(ScoredMerges.ofScores(tokens())).put("byte_fallback", true));
      }
      case Kind.Bytes(PreTokenizer preTokenizer, List<Merge> merges) -> {
        if (preTokenizer.composes()) {
          root.putObject("normalizer").put(TYPE, "NFC");
        }
        root.set("pre_tokenizer", preTokenizer.toJson());
        root.set(
            "decoder",
            JsonFile.object()
                .put(TYPE, "ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", true)
                .put("use_regex", true));
        root.set("model", model(merges).put("ignore_merges", preTokenizer.ignoresMerges()));
      }
    }
    root.set("post_processor", postProcessor());
    JsonFile.write(folder.resolve(FILE), root);
    JsonFile.write(folder.resolve(CONFIG_FILE), config());
  }

  /// The tokens without what only fills the vocabulary up.
  private List<Token> tokens() {
    List<Token> tokens = vocabulary.tokens();
    int end = tokens.size();
    while (end > 0 && FILLER.matcher(tokens.get(end - 1).text()).matches()) {
      end--;
    }
    return tokens.subList(0, end);
  }

  private ArrayNode addedTokens() {
    ArrayNode added = JsonFile.object().putArray("added_tokens");
    List<Token> tokens = tokens();
    for (int id = 0; id < tokens.size(); id++) {
      Token token = tokens.get(id);
      if (token.isAdded()) {
        boolean special = token.kind() != Token.Kind.USER_DEFINED;
        added
            .addObject()
            .put("id", id)
            .put("content", text(token))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", spellsAdded() && !special)
            .put("special", special);
      }
    }
    return added;
  }

  /// How the token is spelled. llama.cpp writes the spaces of a user's token as they are.
  private String text(Token token) {
    return spellsAdded() && token.kind() == Token.Kind.USER_DEFINED
        ? token.text().replace(" ", SPACE)
        : token.text();
  }

  /// Whether a user's tokens are looked for after spaces have become letters. Where a text also
  /// gets a space first they are not, because the tokens would get one too.
  private boolean spellsAdded() {
    return vocabulary.kind() instanceof Kind.Letters(boolean spaceFirst) && !spaceFirst;
  }

  private ObjectNode model(List<Merge> merges) {
    ObjectNode model = JsonFile.object().put(TYPE, "BPE");
    model.putNull("dropout");
    unknown()
        .ifPresentOrElse(text -> model.put("unk_token", text), () -> model.putNull("unk_token"));
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", vocabulary.kind() instanceof Kind.Letters);
    ObjectNode vocab = model.putObject("vocab");
    List<Token> tokens = tokens();
    for (int id = 0; id < tokens.size(); id++) {
      vocab.put(text(tokens.get(id)), id);
    }
    ArrayNode list = model.putArray("merges");
    merges.forEach(merge -> list.addArray().add(merge.left()).add(merge.right()));
    return model;
  }

  private Optional<String> unknown() {
    return vocabulary.kind() instanceof Kind.Letters
        ? vocabulary.specials().unknown().map(vocabulary::text)
        : Optional.empty();
  }

  private static ObjectNode letterNormalizer(boolean spaceFirst) {
    ObjectNode sequence = JsonFile.object().put(TYPE, "Sequence");
    ArrayNode steps = sequence.putArray("normalizers");
    if (spaceFirst) {
      steps.addObject().put(TYPE, "Prepend").put("prepend", SPACE);
    }
    replace(steps.addObject(), " ", SPACE);
    return sequence;
  }

  private static ObjectNode letterDecoder(boolean spaceFirst) {
    ObjectNode sequence = JsonFile.object().put(TYPE, "Sequence");
    ArrayNode steps = sequence.putArray("decoders");
    replace(steps.addObject(), SPACE, " ");
    steps.addObject().put(TYPE, "ByteFallback");
    steps.addObject().put(TYPE, "Fuse");
    if (spaceFirst) {
      steps.addObject().put(TYPE, "Strip").put("content", " ").put("start", 1).put("stop", 0);
    }
    return sequence;
  }

  private static void replace(ObjectNode step, String from, String to) {
    step.put(TYPE, "Replace").putObject("pattern").put("String", from);
    step.put("content", to);
  }

  /// What puts the first and the last token around a text.
  private ObjectNode postProcessor() {
    Specials specials = vocabulary.specials();
    Optional<Integer> begin = specials.begin().filter(_ -> specials.framing().begin());
    Optional<Integer> end = specials.end().filter(_ -> specials.framing().end());
    ObjectNode template = JsonFile.object().put(TYPE, "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    addSequence(single, "A", 0, begin, end);
    ArrayNode pair = template.putArray("pair");
    addSequence(pair, "A", 0, begin, end);
    addSequence(pair, "B", 1, begin, end);
    ObjectNode tokens = template.putObject("special_tokens");
    begin.ifPresent(id -> describe(tokens, id));
    end.ifPresent(id -> describe(tokens, id));
    return template;
  }

  private void addSequence(
      ArrayNode template, String name, int type, Optional<Integer> begin, Optional<Integer> end) {
    begin.ifPresent(id -> addPart(template, "SpecialToken", vocabulary.text(id), type));
    addPart(template, "Sequence", name, type);
    end.ifPresent(id -> addPart(template, "SpecialToken", vocabulary.text(id), type));
  }

  private static void addPart(ArrayNode template, String kind, String id, int type) {
    template.addObject().putObject(kind).put("id", id).put("type_id", type);
  }

  private void describe(ObjectNode tokens, int id) {
    ObjectNode token = tokens.putObject(vocabulary.text(id)).put("id", vocabulary.text(id));
    token.putArray("ids").add(id);
    token.putArray("tokens").add(vocabulary.text(id));
  }

  private ObjectNode config() {
    Specials specials = vocabulary.specials();
    ObjectNode config =
        JsonFile.object()
            .put("tokenizer_class", "PreTrainedTokenizerFast")
            .put("model_max_length", context)
            .put("clean_up_tokenization_spaces", false);
    specials.begin().ifPresent(id -> config.put("bos_token", vocabulary.text(id)));
    specials.end().ifPresent(id -> config.put("eos_token", vocabulary.text(id)));
    specials.unknown().ifPresent(id -> config.put("unk_token", vocabulary.text(id)));
    specials.padding().ifPresent(id -> config.put("pad_token", vocabulary.text(id)));
    vocabulary.chatTemplate().ifPresent(template -> config.put("chat_template", template));
    return config;
  }
}
