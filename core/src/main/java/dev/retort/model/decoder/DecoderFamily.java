package dev.retort.model.decoder;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// What sets one family of decoders apart: how its `config.json` and tensors are named, and what
/// its layers have. One file per family.
///
/// Inside Retort every decoder's parameters carry the canonical names of [DecoderNames]; a family
/// says where a checkpoint keeps them.
public sealed interface DecoderFamily permits Llama, Mistral, Qwen2, Qwen3, Gemma3, Gpt2 {

  /// All families Retort knows.
  static List<DecoderFamily> all() {
    return List.of(new Llama(), new Mistral(), new Qwen2(), new Qwen3(), new Gemma3(), new Gpt2());
  }

  /// The `model_type` in a `config.json`, such as `llama`.
  String modelType();

  /// The class in `architectures`, such as `LlamaForCausalLM`.
  String className();

  /// What its layers have.
  Traits traits();

  /// Whether all heads together are as wide as the hidden states, because its `config.json` cannot
  /// say anything else.
  default boolean headsFillWidth() {
    return false;
  }

  /// Reads the shape of a decoder from its `config.json`.
  DecoderConfig read(JsonNode config);

  /// The `config.json` entries of a decoder's shape, `model_type` included.
  SequencedMap<String, Object> write(DecoderConfig config);

  /// Where a checkpoint keeps the parameter of this canonical name.
  default CheckpointPart part(String canonicalName) {
    return canonicalName.equals(DecoderNames.HEAD)
        ? CheckpointPart.whole(canonicalName)
        : CheckpointPart.whole("model." + canonicalName);
  }

  /// The family with this `model_type`.
  static Optional<DecoderFamily> ofModelType(String modelType) {
    return all().stream().filter(family -> family.modelType().equals(modelType)).findFirst();
  }
}
