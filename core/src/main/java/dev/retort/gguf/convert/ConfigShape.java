package dev.retort.gguf.convert;

import dev.retort.gguf.GgufException;
import dev.retort.gguf.convert.DecoderShape.Attention;
import dev.retort.gguf.convert.DecoderShape.Rope;
import dev.retort.gguf.convert.DecoderShape.RopeScaling;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A decoder's hyperparameters in the `config.json` of transformers.
final class ConfigShape {

  private static final double LOW_FREQUENCY = 1;
  private static final double HIGH_FREQUENCY = 4;

  private ConfigShape() {}

  /// Reads the hyperparameters of a decoder with `vocabulary` token embeddings.
  static DecoderShape read(JsonFile config, int vocabulary) throws GgufException {
    String type = config.requireText("model_type");
    Architecture architecture =
        Architecture.ofModelType(type)
            .orElseThrow(() ->
                config.refused(
                    "the model_type '%s' cannot be converted; Retort knows %s"
                        .formatted(type, Architecture.allModelTypes())));
    return architecture == Architecture.GPT2
        ? readGpt2(config, vocabulary)
        : readModern(config, architecture, vocabulary);
  }

  private static DecoderShape readModern(JsonFile config, Architecture architecture, int vocabulary)
      throws GgufException {
    int hidden = config.requireInt("hidden_size");
    int heads = config.requireInt("num_attention_heads");
    requireHeads(config, heads, hidden);
    Optional<Integer> headSize = config.findInt("head_dim");
    Attention attention =
        new Attention(
            heads,
            config.findInt("num_key_value_heads").orElse(heads),
            headSize.isPresent() ? headSize.get() : hidden / heads,
            window(config, architecture));
    return new DecoderShape(
        architecture,
        config.requireInt("num_hidden_layers"),
        hidden,
        config.requireInt("intermediate_size"),
        config.requireInt("max_position_embeddings"),
        vocabulary,
        config.requireNumber("rms_norm_eps"),
        attention,
        rope(config));
  }

  private static DecoderShape readGpt2(JsonFile config, int vocabulary) throws GgufException {
    int hidden = config.requireInt("n_embd");
    int heads = config.requireInt("n_head");
    requireHeads(config, heads, hidden);
    return new DecoderShape(
        Architecture.GPT2,
        config.requireInt("n_layer"),
        hidden,
        config.findInt("n_inner").orElse(4 * hidden),
        config.requireInt("n_positions"),
        vocabulary,
        config.requireNumber("layer_norm_epsilon"),
        new Attention(heads, heads, hidden / heads, Optional.empty()),
        new Rope(Rope.DEFAULT_BASE, Rope.DEFAULT_BASE, Optional.empty()));
  }

  private static void requireHeads(JsonFile config, int heads, int hidden) throws GgufException {
    if (heads < 1 || hidden < heads) {
      throw config.refused("a width of %d cannot have %d heads".formatted(hidden, heads));
    }
  }

  private static Optional<Integer> window(JsonFile config, Architecture architecture)
      throws GgufException {
    Optional<Integer> window = config.findInt("sliding_window");
    if (architecture == Architecture.GEMMA3) {
      Optional<Integer> pattern = config.findInt("sliding_window_pattern");
      if (pattern.isPresent() && pattern.get() != Architecture.WINDOW_PATTERN) {
        throw config.refused(
            "sliding_window_pattern is %d; llama.cpp knows %d"
                .formatted(pattern.get(), Architecture.WINDOW_PATTERN));
      }
      return window;
    }
    boolean used = architecture == Architecture.LLAMA || config.flag("use_sliding_window");
    if (used && window.isPresent()) {
      throw config.refused(
          "sliding_window is %d; llama.cpp reads this architecture without a window"
              .formatted(window.get()));
    }
    return Optional.empty();
  }

  /// The rotary embedding, as transformers 5 writes it (`rope_parameters`) or as it was before.
  private static Rope rope(JsonFile config) throws GgufException {
    Optional<JsonFile> parameters = config.findObject("rope_parameters");
    JsonFile global =
        parameters
            .map(all -> all.findObject("full_attention").orElse(all))
            .or(() -> config.findObject("rope_scaling"))
            .orElse(new JsonFile(config.place(), JsonFile.object()));
    Optional<JsonFile> local = parameters.flatMap(all -> all.findObject("sliding_attention"));
    Optional<Double> stated = global.findNumber("rope_theta");
    Optional<Double> base = stated.isPresent() ? stated : config.findNumber("rope_theta");
    Optional<Double> localBase =
        local.isPresent()
            ? local.get().findNumber("rope_theta")
            : config.findNumber("rope_local_base_freq");
    return new Rope(
        base.orElse(Rope.DEFAULT_BASE), localBase.orElse(Rope.DEFAULT_BASE), scaling(global));
  }

  private static Optional<RopeScaling> scaling(JsonFile rope) throws GgufException {
    Optional<String> type = rope.findText("rope_type");
    String name = type.isPresent() ? type.get() : rope.findText("type").orElse("default");
    return switch (name) {
      case "default" -> Optional.empty();
      case "linear" -> Optional.of(new RopeScaling.Linear(rope.requireNumber("factor")));
      case "yarn" ->
          Optional.of(
              new RopeScaling.Yarn(
                  rope.requireNumber("factor"),
                  rope.requireInt("original_max_position_embeddings")));
      case "llama3" ->
          Optional.of(
              new RopeScaling.Llama3(
                  rope.requireNumber("factor"),
                  rope.findNumber("low_freq_factor").orElse(LOW_FREQUENCY),
                  rope.findNumber("high_freq_factor").orElse(HIGH_FREQUENCY),
                  rope.requireInt("original_max_position_embeddings")));
      default ->
          throw rope.refused(
              "rope_type is '%s'; Retort converts default, linear, yarn and llama3"
                  .formatted(name));
    };
  }

  /// The `config.json` of `shape`, but for what depends on the tensors and the tokenizer.
  static ObjectNode write(DecoderShape shape) {
    Architecture architecture = shape.architecture();
    ObjectNode config = JsonFile.object();
    config.putArray("architectures").add(architecture.className());
    config.put("model_type", architecture.modelType());
    config.put("vocab_size", shape.vocabulary());
    if (architecture == Architecture.GPT2) {
      writeGpt2(shape, config);
    } else {
      writeModern(shape, config);
    }
    return config;
  }

  private static void writeGpt2(DecoderShape shape, ObjectNode config) {
    config.put("n_layer", shape.layers());
    config.put("n_embd", shape.hidden());
    config.put("n_inner", shape.feedForward());
    config.put("n_head", shape.attention().heads());
    config.put("n_positions", shape.context());
    config.put("n_ctx", shape.context());
    config.put("layer_norm_epsilon", shape.epsilon());
    config.put("activation_function", "gelu_new");
  }

  private static void writeModern(DecoderShape shape, ObjectNode config) {
    Attention attention = shape.attention();
    config.put("num_hidden_layers", shape.layers());
    config.put("hidden_size", shape.hidden());
    config.put("intermediate_size", shape.feedForward());
    config.put("num_attention_heads", attention.heads());
    config.put("num_key_value_heads", attention.keyValueHeads());
    config.put("head_dim", attention.headSize());
    config.put("max_position_embeddings", shape.context());
    config.put("rms_norm_eps", shape.epsilon());
    config.put("rope_theta", shape.rope().base());
    shape.rope().scaling().ifPresent(scaling -> writeScaling(scaling, config));
    if (shape.architecture() == Architecture.GEMMA3) {
      writeGemma(shape, config);
    } else {
      config.put("hidden_act", "silu");
    }
  }

  private static void writeGemma(DecoderShape shape, ObjectNode config) {
    config.put("hidden_activation", "gelu_pytorch_tanh");
    config.put("query_pre_attn_scalar", queryScalar(shape));
    config.put("rope_local_base_freq", shape.rope().localBase());
    shape
        .attention()
        .window()
        .ifPresent(window -> {
          config.put("sliding_window", window);
          config.put("sliding_window_pattern", Architecture.WINDOW_PATTERN);
        });
    ArrayNode types = config.putArray("layer_types");
    for (int layer = 1; layer <= shape.layers(); layer++) {
      boolean local =
          shape.attention().window().isPresent() && layer % Architecture.WINDOW_PATTERN != 0;
      types.add(local ? "sliding_attention" : "full_attention");
    }
  }

  /// What Gemma divides attention scores by the root of: the size of a head, but for the largest
  /// model of the family, which llama.cpp too knows by its number of layers.
  private static int queryScalar(DecoderShape shape) {
    int layersOfTheLargest = 62;
    return shape.layers() == layersOfTheLargest
        ? shape.hidden() / shape.attention().heads()
        : shape.attention().headSize();
  }

  private static void writeScaling(RopeScaling scaling, ObjectNode config) {
    ObjectNode rope = config.putObject("rope_scaling");
    switch (scaling) {
      case RopeScaling.Linear(double factor) ->
          rope.put("rope_type", "linear").put("factor", factor);
      case RopeScaling.Yarn(double factor, int context) ->
          rope.put("rope_type", "yarn")
              .put("factor", factor)
              .put("original_max_position_embeddings", context);
      case RopeScaling.Llama3(double factor, double low, double high, int context) ->
          rope.put("rope_type", "llama3")
              .put("factor", factor)
              .put("low_freq_factor", low)
              .put("high_freq_factor", high)
              .put("original_max_position_embeddings", context);
    }
  }
}
