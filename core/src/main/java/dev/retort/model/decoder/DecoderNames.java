package dev.retort.model.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The canonical names of a decoder's parameters: those of Llama, without the `model.` prefix.
public final class DecoderNames {

  /// Token embedding, `[V, D]`.
  public static final String WORD = "embed_tokens.weight";

  /// Position embedding, `[positions, D]`, of families that add positions to the embeddings.
  public static final String POSITION = "embed_positions.weight";

  /// The normalisation before the head, followed by `.weight` or `.bias`.
  public static final String NORM = "norm";

  /// The head, `[V, D]`, of a decoder whose head is not its token embedding.
  public static final String HEAD = "lm_head.weight";

  /// What multiplies with the head, its own or the token embedding.
  public static final String HEAD_MODULE = "lm_head";

  /// The normalisation before attention within a layer.
  public static final String ATTENTION_NORM = "input_layernorm";

  /// Query projection within a layer, `[H·d, D]`.
  public static final String QUERY = "self_attn.q_proj";

  /// Key projection within a layer, `[G·d, D]`.
  public static final String KEY = "self_attn.k_proj";

  /// Value projection within a layer, `[G·d, D]`.
  public static final String VALUE = "self_attn.v_proj";

  /// Projection of attention's result within a layer, `[D, H·d]`.
  public static final String ATTENTION_OUTPUT = "self_attn.o_proj";

  /// Normalisation of every query within a layer, `[d]`.
  public static final String QUERY_NORM = "self_attn.q_norm";

  /// Normalisation of every key within a layer, `[d]`.
  public static final String KEY_NORM = "self_attn.k_norm";

  /// Normalisation of attention's result within a layer.
  public static final String AFTER_ATTENTION = "post_attention_layernorm";

  /// Normalisation before the feed-forward part within a layer.
  public static final String BEFORE_FEED_FORWARD = "pre_feedforward_layernorm";

  /// Normalisation of the feed-forward part's result within a layer.
  public static final String AFTER_FEED_FORWARD = "post_feedforward_layernorm";

  /// Gate of the feed-forward part within a layer, `[F, D]`.
  public static final String GATE = "mlp.gate_proj";

  /// First projection of the feed-forward part within a layer, `[F, D]`.
  public static final String UP = "mlp.up_proj";

  /// Second projection of the feed-forward part within a layer, `[D, F]`.
  public static final String DOWN = "mlp.down_proj";

  private static final String LAYERS = "layers.";

  private DecoderNames() {}

  /// The name of `part` in layer `index`, such as `layers.3.mlp.down_proj`.
  public static String layer(int index, String part) {
    return layerPrefix(index) + part;
  }

  /// What the names of layer `index` begin with.
  public static String layerPrefix(int index) {
    return LAYERS + index + ".";
  }

  /// The layer that the parameter of this name belongs to; empty for embeddings, norm and head.
  public static OptionalInt layerOf(String name) {
    return name.startsWith(LAYERS)
        ? OptionalInt.of(
            Integer.parseInt(name, LAYERS.length(), name.indexOf('.', LAYERS.length()), 10))
        : OptionalInt.empty();
  }

  /// Whether the module of this name normalises the residual stream, or what is added to it.
  public static boolean isNorm(String module) {
    return switch (withoutLayer(module)) {
      case NORM, ATTENTION_NORM, AFTER_ATTENTION, BEFORE_FEED_FORWARD, AFTER_FEED_FORWARD -> true;
      default -> false;
    };
  }

  /// The name within its layer; embeddings, norm and head keep theirs.
  static String withoutLayer(String name) {
    return name.startsWith(LAYERS) ? name.substring(name.indexOf('.', LAYERS.length()) + 1) : name;
  }

  /// What normalises the input of the feed-forward part: Llama's names say where it stands, after
  /// attention, Gemma's what it is before.
  static String feedForwardNorm(Traits traits) {
    return traits.branchNorms() ? BEFORE_FEED_FORWARD : AFTER_ATTENTION;
  }

  /// All parameters of a decoder of this shape, in the order of its computation.
  public static List<String> all(DecoderConfig config) {
    Traits traits = config.family().traits();
    boolean layerNorm = traits.norm() == Norm.LAYER;
    List<String> names = new ArrayList<>(List.of(WORD));
    if (config.spans().getFirst().rope().isEmpty()) {
      names.add(POSITION);
    }
    for (int index = 0; index < config.layers(); index++) {
      for (String part : parts(config)) {
        names.add(layer(index, part));
      }
    }
    add(names, NORM, layerNorm);
    if (!config.tied()) {
      names.add(HEAD);
    }
    return names;
  }

  private static List<String> parts(DecoderConfig config) {
    Traits traits = config.family().traits();
    DecoderConfig.Biases biases = config.biases();
    boolean layerNorm = traits.norm() == Norm.LAYER;
    List<String> parts = new ArrayList<>();
    add(parts, ATTENTION_NORM, layerNorm);
    for (String projection : List.of(QUERY, KEY, VALUE)) {
      add(parts, projection, biases.queryKeyValue());
    }
    if (traits.queryKeyNorm()) {
      add(parts, QUERY_NORM, false);
      add(parts, KEY_NORM, false);
    }
    add(parts, ATTENTION_OUTPUT, biases.output());
    add(parts, AFTER_ATTENTION, layerNorm);
    if (traits.branchNorms()) {
      add(parts, BEFORE_FEED_FORWARD, layerNorm);
      add(parts, AFTER_FEED_FORWARD, layerNorm);
    }
    if (traits.gated()) {
      add(parts, GATE, biases.feedForward());
    }
    add(parts, UP, biases.feedForward());
    add(parts, DOWN, biases.feedForward());
    return parts;
  }

  private static void add(List<String> names, String module, boolean bias) {
    names.add(module + ".weight");
    if (bias) {
      names.add(module + ".bias");
    }
  }
}
