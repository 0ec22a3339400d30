package dev.retort.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The canonical names of an encoder's parameters: those of BERT, without the `bert.` prefix.
public final class EncoderNames {

  /// Token embedding, `[V, D]`.
  public static final String WORD = "embeddings.word_embeddings.weight";

  /// Position embedding, `[positions, D]`.
  public static final String POSITION = "embeddings.position_embeddings.weight";

  /// Token-type embedding, `[types, D]`.
  public static final String TOKEN_TYPE = "embeddings.token_type_embeddings.weight";

  /// Layer normalisation of the summed embeddings, followed by `.weight` or `.bias`.
  public static final String EMBEDDING_NORM = "embeddings.LayerNorm";

  /// Query projection within a layer.
  public static final String QUERY = "attention.self.query";

  /// Key projection within a layer.
  public static final String KEY = "attention.self.key";

  /// Value projection within a layer.
  public static final String VALUE = "attention.self.value";

  /// Output projection of attention within a layer.
  public static final String ATTENTION_OUTPUT = "attention.output.dense";

  /// Layer normalisation after attention within a layer.
  public static final String ATTENTION_NORM = "attention.output.LayerNorm";

  /// First projection of the feed-forward part within a layer.
  public static final String INTERMEDIATE = "intermediate.dense";

  /// Second projection of the feed-forward part within a layer.
  public static final String OUTPUT = "output.dense";

  /// Layer normalisation after the feed-forward part within a layer.
  public static final String OUTPUT_NORM = "output.LayerNorm";

  /// Dense layer of a first-token head, followed by `.weight` or `.bias`.
  public static final String HEAD_DENSE = "head.dense";

  /// Projection onto the labels, followed by `.weight` `[labels, D]` or `.bias` `[labels]`.
  public static final String HEAD_OUTPUT = "head.output";

  private static final String LAYERS = "encoder.layer.";

  private static final List<String> LAYER_PARTS =
      List.of(
          QUERY, KEY, VALUE, ATTENTION_OUTPUT, ATTENTION_NORM, INTERMEDIATE, OUTPUT, OUTPUT_NORM);

  private EncoderNames() {}

  /// The name of `part` in layer `index`, such as `encoder.layer.3.output.dense`.
  public static String layer(int index, String part) {
    return layerPrefix(index) + part;
  }

  /// What the names of layer `index` begin with.
  public static String layerPrefix(int index) {
    return LAYERS + index + ".";
  }

  /// The layer that the parameter of this name belongs to; empty for embeddings and heads.
  public static OptionalInt layerOf(String name) {
    return name.startsWith(LAYERS)
        ? OptionalInt.of(Integer.parseInt(name, LAYERS.length(), endOfLayer(name), 10))
        : OptionalInt.empty();
  }

  /// The name within its layer; embeddings and heads keep theirs.
  static String withoutLayer(String name) {
    return name.startsWith(LAYERS) ? name.substring(endOfLayer(name) + 1) : name;
  }

  private static int endOfLayer(String name) {
    return name.indexOf('.', LAYERS.length());
  }

  /// All parameters of an encoder of this shape, in the order of its computation.
  public static List<String> all(EncoderConfig config) {
    List<String> names = new ArrayList<>(List.of(WORD, POSITION));
    if (config.tokenTypes() > 0) {
      names.add(TOKEN_TYPE);
    }
    weightAndBias(EMBEDDING_NORM, names);
    for (int index = 0; index < config.layers(); index++) {
      for (String part : LAYER_PARTS) {
        weightAndBias(layer(index, part), names);
      }
    }
    return names;
  }

  private static void weightAndBias(String name, List<String> names) {
    names.add(name + ".weight");
    names.add(name + ".bias");
  }
}
