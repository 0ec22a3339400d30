package dev.retort.gguf.convert;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The decoders that Retort converts, with their names in both worlds.
enum Architecture {
  LLAMA("llama", "LlamaForCausalLM", List.of("llama", "mistral")),
  QWEN2("qwen2", "Qwen2ForCausalLM", List.of("qwen2")),
  QWEN3("qwen3", "Qwen3ForCausalLM", List.of("qwen3")),
  GEMMA3("gemma3", "Gemma3ForCausalLM", List.of("gemma3_text")),
  GPT2("gpt2", "GPT2LMHeadModel", List.of("gpt2"));

  /// Gemma's layers look at a window of the text, but for every sixth.
  static final int WINDOW_PATTERN = 6;

  private final String ggufName;
  private final String className;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> modelTypes;

  Architecture(String ggufName, String className, List<String> modelTypes) {
    this.ggufName = ggufName;
    this.className = className;
    this.modelTypes = modelTypes;
  }

  /// The value of `general.architecture`, and the prefix of the hyperparameters.
  String ggufName() {
    return ggufName;
  }

  /// The class in transformers.
  String className() {
    return className;
  }

  /// The value of `model_type` in `config.json`.
  String modelType() {
    return modelTypes.getFirst();
  }

  /// Whether it normalizes by the root of the mean square, and has no other biases than Qwen2's.
  boolean isModern() {
    return this != GPT2;
  }

  static Optional<Architecture> ofGgufName(String name) {
    return Arrays.stream(values()).filter(one -> one.ggufName.equals(name)).findFirst();
  }

  static Optional<Architecture> ofModelType(String type) {
    return Arrays.stream(values()).filter(one -> one.modelTypes.contains(type)).findFirst();
  }

  static List<String> ggufNames() {
    return Stream.of(values()).map(Architecture::ggufName).toList();
  }

  static List<String> allModelTypes() {
    return Stream.of(values()).flatMap(one -> one.modelTypes.stream()).toList();
  }
}
