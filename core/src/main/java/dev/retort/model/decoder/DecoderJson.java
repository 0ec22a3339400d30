package dev.retort.model.decoder;

import dev.retort.model.Activation;
import dev.retort.model.ConfigReader;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.DecoderConfig.Biases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The entries of a `config.json` that Llama and its relatives share.
///
/// @param config the whole file
/// @param defaultActivation the activation of a file that names none
/// @param tiedByDefault whether head and embedding are one where the file does not say
record DecoderJson(ConfigReader config, String defaultActivation, boolean tiedByDefault) {

  private static final String SLIDING = "sliding_attention";
  private static final String FULL = "full_attention";
  private static final double BASE = 10_000;

  static DecoderJson of(JsonNode json) {
    return new DecoderJson(new ConfigReader(json), "silu", false);
  }

  int layers() {
    return config.integer("num_hidden_layers", 32);
  }

  /// A decoder of these entries, with what its family says about the rest.
  DecoderConfig decoder(
      DecoderFamily family, AttentionShape attention, Biases biases, List<LayerSpan> spans) {
    String activation = config.has("hidden_act") ? "hidden_act" : "hidden_activation";
    return new DecoderConfig(
        family,
        config.integer("hidden_size", 4096),
        attention,
        config.integer("intermediate_size", 11008),
        config.integer("vocab_size", 32000),
        config.integer("vocab_size", 32000),
        config.integer("max_position_embeddings", 2048),
        config.number("rms_norm_eps", 1e-6),
        Activation.ofConfigName(config.text(activation, defaultActivation)),
        config.flag("tie_word_embeddings", tiedByDefault),
        biases,
        spans);
  }

  /// The shape of attention, whose heads share the hidden size unless the file says otherwise.
  AttentionShape attention() {
    return attention(config.integer("hidden_size", 4096) / heads());
  }

  /// The same, where the file need not name a width of heads that is the family's own.
  AttentionShape attention(int defaultHeadSize) {
    int headSize = config.integer("head_dim", defaultHeadSize);
    return new AttentionShape(
        heads(), config.integer("num_key_value_heads", heads()), headSize, 1 / Math.sqrt(headSize));
  }

  private int heads() {
    return config.integer("num_attention_heads", 32);
  }

  /// Every layer's reach and rotation; those that slide are named by `layer_types`, or found by
  /// `sliding` in files that have none.
  List<LayerSpan> spans(IntPredicate sliding) {
    return spans(sliding, rope(BASE), rope(BASE));
  }

  /// Those of Qwen, where a flag says whether layers from some number on slide.
  List<LayerSpan> qwenSpans() {
    boolean any = config.flag("use_sliding_window", false);
    int first = config.integer("max_window_layers", 28);
    return spans(layer -> any && layer >= first);
  }

  /// The same for layers that slide with a rotation of their own.
  List<LayerSpan> spans(IntPredicate sliding, Rope far, Rope near) {
    OptionalInt window =
        config.has("sliding_window")
            ? OptionalInt.of(config.integer("sliding_window", 0))
            : OptionalInt.empty();
    return IntStream.range(0, layers())
        .mapToObj(layer ->
            slides(layer, sliding) && window.isPresent()
                ? new LayerSpan(window, Optional.of(near))
                : new LayerSpan(OptionalInt.empty(), Optional.of(far)))
        .toList();
  }

  private boolean slides(int layer, IntPredicate otherwise) {
    if (!config.has("layer_types")) {
      return otherwise.test(layer);
    }
    String type = config.json().path("layer_types").path(layer).asString("");
    return switch (type) {
      case SLIDING -> true;
      case FULL -> false;
      default ->
          throw new ModelException(
              "config.json: layer_types[%d] '%s' is not one of [%s, %s]"
                  .formatted(layer, type, FULL, SLIDING));
    };
  }

  /// The rotation of layers that do not slide.
  Rope rope(double defaultBase) {
    return rope(FULL, defaultBase);
  }

  /// The rotation of layers that slide, where it is one of its own.
  Rope slidingRope() {
    return config.object("rope_parameters").has(SLIDING)
        ? rope(SLIDING, BASE)
        : new Rope(config.number("rope_local_base_freq", BASE), new Rope.Unscaled());
  }

  private Rope rope(String layerType, double defaultBase) {
    ConfigReader newer = config.object("rope_parameters");
    ConfigReader entries = newer.has(layerType) ? newer.object(layerType) : newer;
    return entries.has("rope_theta")
        ? new Rope(entries.number("rope_theta", defaultBase), scaling(entries))
        : new Rope(
            config.number("rope_theta", defaultBase), scaling(config.object("rope_scaling")));
  }

  private static Rope.Scaling scaling(ConfigReader entries) {
    String type = entries.text("rope_type", entries.text("type", "default"));
    return switch (type) {
      case "default" -> new Rope.Unscaled();
      case "linear" -> new Rope.Linear(entries.number("factor", 1));
      case "llama3" ->
          new Rope.Llama3(
              entries.number("factor", 8),
              entries.number("low_freq_factor", 1),
              entries.number("high_freq_factor", 4),
              entries.integer("original_max_position_embeddings", 8192));
      default ->
          throw new ModelException(
              "config.json: rope_scaling of type '%s' is not one of [default, linear, llama3]"
                  .formatted(type));
    };
  }

  /// The entries that all relatives write, under names that old and new readers know.
  static SequencedMap<String, Object> write(DecoderConfig config) {
    AttentionShape attention = config.attention();
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("model_type", config.family().modelType());
    json.put("hidden_size", config.hiddenSize());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", attention.heads());
    json.put("num_key_value_heads", attention.keyValueHeads());
    json.put("head_dim", attention.headSize());
    json.put("intermediate_size", config.intermediateSize());
    json.put("hidden_act", config.activation().configName());
    json.put("vocab_size", config.vocabularySize());
    json.put("max_position_embeddings", config.positions());
    json.put("rms_norm_eps", config.normEpsilon());
    json.put("tie_word_embeddings", config.tied());
    writeSpans(config, json);
    return json;
  }

  /// The same for Qwen, whose readers ignore windows that no flag allows.
  static SequencedMap<String, Object> writeQwen(DecoderConfig config) {
    SequencedMap<String, Object> json = write(config);
    json.put("use_sliding_window", json.containsKey("sliding_window"));
    return json;
  }

  private static void writeSpans(DecoderConfig config, SequencedMap<String, Object> json) {
    config.spans().stream()
        .flatMapToInt(span -> span.window().stream())
        .findFirst()
        .ifPresent(window -> json.put("sliding_window", window));
    if (json.containsKey("sliding_window")) {
      json.put(
          "layer_types",
          config.spans().stream().map(s -> s.window().isPresent() ? SLIDING : FULL).toList());
    }
    config.spans().stream()
        .filter(span -> span.window().isEmpty())
        .findFirst()
        .or(() -> config.spans().stream().findFirst())
        .flatMap(LayerSpan::rope)
        .ifPresent(rope -> writeRope(rope, json));
  }

  private static void writeRope(Rope rope, SequencedMap<String, Object> json) {
    json.put("rope_theta", rope.base());
    SequencedMap<String, Object> scaling = new LinkedHashMap<>();
    switch (rope.scaling()) {
      case Rope.Unscaled _ -> {
        return;
      }
      case Rope.Linear(double factor) -> {
        scaling.put("rope_type", "linear");
        scaling.put("factor", factor);
      }
      case Rope.Llama3 llama -> {
        scaling.put("rope_type", "llama3");
        scaling.put("factor", llama.factor());
        scaling.put("low_freq_factor", llama.lowFactor());
        scaling.put("high_freq_factor", llama.highFactor());
        scaling.put("original_max_position_embeddings", llama.original());
      }
    }
    json.put("rope_scaling", scaling);
  }
}
