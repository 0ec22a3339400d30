package dev.retort.model.decoder;

import dev.retort.model.Activation;
import dev.retort.model.ConfigReader;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.DecoderConfig.Biases;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// GPT-2 (Radford et al. 2019): positions are added to the embeddings, everything has a bias, and
/// checkpoints hold transposed matrices, with queries, keys and values in one. Its dropout, which
/// no later family has, is left out.
public record Gpt2() implements DecoderFamily {

  private static final Map<String, CheckpointPart> PARTS =
      Map.ofEntries(
          Map.entry(DecoderNames.ATTENTION_NORM, CheckpointPart.whole("ln_1")),
          Map.entry(DecoderNames.AFTER_ATTENTION, CheckpointPart.whole("ln_2")),
          Map.entry(DecoderNames.QUERY, new CheckpointPart("attn.c_attn", true, 0, 3)),
          Map.entry(DecoderNames.KEY, new CheckpointPart("attn.c_attn", true, 1, 3)),
          Map.entry(DecoderNames.VALUE, new CheckpointPart("attn.c_attn", true, 2, 3)),
          Map.entry(DecoderNames.ATTENTION_OUTPUT, new CheckpointPart("attn.c_proj", true, 0, 1)),
          Map.entry(DecoderNames.UP, new CheckpointPart("mlp.c_fc", true, 0, 1)),
          Map.entry(DecoderNames.DOWN, new CheckpointPart("mlp.c_proj", true, 0, 1)));

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String className() {
    return "GPT2LMHeadModel";
  }

  @Override
  public Traits traits() {
    return new Traits(Norm.LAYER, false, false, false, false);
  }

  @Override
  public boolean headsFillWidth() {
    return true;
  }

  @Override
  public DecoderConfig read(JsonNode json) {
    ConfigReader config = new ConfigReader(json);
    requirePlainAttention(config);
    int width = config.integer("n_embd", 768);
    int heads = config.integer("n_head", 12);
    LayerSpan span = new LayerSpan(OptionalInt.empty(), Optional.empty());
    return new DecoderConfig(
        this,
        width,
        new AttentionShape(heads, heads, width / heads, 1 / Math.sqrt((double) width / heads)),
        config.integer("n_inner", 4 * width),
        config.integer("vocab_size", 50257),
        config.integer("vocab_size", 50257),
        config.integer("n_positions", 1024),
        config.number("layer_norm_epsilon", 1e-5),
        Activation.ofConfigName(config.text("activation_function", "gelu_new")),
        config.flag("tie_word_embeddings", true),
        new Biases(true, true, true),
        Collections.nCopies(config.integer("n_layer", 12), span));
  }

  private static void requirePlainAttention(ConfigReader config) {
    for (String other : List.of("scale_attn_by_inverse_layer_idx", "add_cross_attention")) {
      if (config.flag(other, false)) {
        throw new ModelException(
            "config.json: %s is true, which Retort cannot compute".formatted(other));
      }
    }
    if (!config.flag("scale_attn_weights", true)) {
      throw new ModelException(
          "config.json: scale_attn_weights is false, which Retort cannot compute");
    }
  }

  @Override
  public SequencedMap<String, Object> write(DecoderConfig config) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("model_type", modelType());
    json.put("n_embd", config.hiddenSize());
    json.put("n_layer", config.layers());
    json.put("n_head", config.attention().heads());
    json.put("n_inner", config.intermediateSize());
    json.put("vocab_size", config.vocabularySize());
    json.put("n_positions", config.positions());
    json.put("layer_norm_epsilon", config.normEpsilon());
    json.put("activation_function", config.activation().configName());
    json.put("tie_word_embeddings", config.tied());
    return json;
  }

  @Override
  public CheckpointPart part(String canonicalName) {
    OptionalInt layer = DecoderNames.layerOf(canonicalName);
    return layer.isPresent()
        ? layerPart(canonicalName, layer.getAsInt())
        : CheckpointPart.whole(
            canonicalName.equals(DecoderNames.HEAD)
                ? canonicalName
                : "transformer."
                    + canonicalName
                        .replace(DecoderNames.WORD, "wte.weight")
                        .replace(DecoderNames.POSITION, "wpe.weight")
                        .replace(DecoderNames.NORM + ".", "ln_f."));
  }

  private static CheckpointPart layerPart(String name, int layer) {
    String within = DecoderNames.withoutLayer(name);
    int dot = within.lastIndexOf('.');
    CheckpointPart part = PARTS.get(within.substring(0, dot));
    if (part == null) {
      throw new ModelException("GPT-2 has no parameter '%s'".formatted(name));
    }
    String kind = within.substring(dot);
    return new CheckpointPart(
        "transformer.h.%d.%s%s".formatted(layer, part.name(), kind),
        part.transposed() && kind.equals(".weight"),
        part.index(),
        part.parts());
  }
}
