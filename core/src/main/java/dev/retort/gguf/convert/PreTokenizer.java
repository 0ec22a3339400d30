package dev.retort.gguf.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The regular expressions that cut a text into pieces before bytes are merged. Each cuts the
/// pieces of the one before; what none of its matches covers is a piece too.
enum PreTokenizer {
  GPT2(
      List.of("gpt-2", "mpt", "olmo", "jais", "phi-2", "trillion"),
      List.of(Patterns.WORDS),
      Option.NONE),
  SMOLLM(
      List.of("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"),
      List.of(Patterns.DIGIT, Patterns.WORDS),
      Option.NONE),
  LLAMA3(
      List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "dbrx", "smaug-bpe"),
      List.of(Patterns.TIKTOKEN.formatted("{1,3}")),
      Option.IGNORE_MERGES),
  QWEN2(
      List.of("qwen2", "deepseek-r1-qwen", "megrez", "stablelm2", "hunyuan"),
      List.of(Patterns.TIKTOKEN.formatted("")),
      Option.COMPOSE),
  /// What llama.cpp does where a file says nothing.
  DEFAULT(
      List.of("default"),
      List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", Patterns.WORDS, "\\p{N}+", "[0-9][0-9][0-9]"),
      Option.NONE);

  /// What else a tokenizer does.
  private enum Option {
    NONE,
    /// A piece that is a token is not taken apart, even where no merges lead to it.
    IGNORE_MERGES,
    /// Letters are composed first (NFC). llama.cpp does not do so.
    COMPOSE
  }

  private static final class Patterns {
    static final String DIGIT = "\\p{N}";
    static final String WORDS =
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    static final String TIKTOKEN =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  private static final String TYPE = "type";

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> names;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> patterns;

  private final Option option;

  PreTokenizer(List<String> names, List<String> patterns, Option option) {
    this.names = names;
    this.patterns = patterns;
    this.option = option;
  }

  /// The value of `tokenizer.ggml.pre`.
  String ggufName() {
    return names.getFirst();
  }

  boolean ignoresMerges() {
    return option == Option.IGNORE_MERGES;
  }

  boolean composes() {
    return option == Option.COMPOSE;
  }

  /// Whether llama.cpp begins a text with the first token where the file does not say.
  boolean beginsByDefault() {
    return this == LLAMA3;
  }

  static Optional<PreTokenizer> ofGgufName(String name) {
    return Arrays.stream(values()).filter(one -> one.names.contains(name)).findFirst();
  }

  static List<String> allNames() {
    return Stream.of(values()).flatMap(one -> one.names.stream()).toList();
  }

  /// The pre-tokenizer that is `node` in a `tokenizer.json`, or empty if it is none of these.
  static Optional<PreTokenizer> ofJson(JsonNode node) {
    List<String> found = new ArrayList<>();
    return collect(node, found)
        ? Arrays.stream(values()).filter(one -> one.patterns.equals(found)).findFirst()
        : Optional.empty();
  }

  /// Adds the patterns of `node`, unless it does something else too.
  private static boolean collect(JsonNode node, List<String> patterns) {
    return switch (node.path(TYPE).stringValue("")) {
      case "Sequence" -> {
        for (JsonNode step : node.path("pretokenizers")) {
          if (!collect(step, patterns)) {
            yield false;
          }
        }
        yield true;
      }
      case "Split" -> {
        patterns.add(node.path("pattern").path("Regex").stringValue(""));
        yield node.path("behavior").stringValue("").equals("Isolated")
            && !node.path("invert").booleanValue(false);
      }
      case "Digits" -> {
        patterns.add(Patterns.DIGIT);
        yield node.path("individual_digits").booleanValue(false);
      }
      case "ByteLevel" -> {
        if (node.path("use_regex").booleanValue(true)) {
          patterns.add(Patterns.WORDS);
        }
        yield !node.path("add_prefix_space").booleanValue(true);
      }
      default -> false;
    };
  }

  /// The form in a `tokenizer.json`.
  ObjectNode toJson() {
    ObjectNode sequence = JsonFile.object().put(TYPE, "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    for (String pattern : patterns) {
      ObjectNode split = steps.addObject().put(TYPE, "Split");
      split.putObject("pattern").put("Regex", pattern);
      split.put("behavior", "Isolated").put("invert", false);
    }
    steps
        .addObject()
        .put(TYPE, "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", false);
    return sequence;
  }
}
