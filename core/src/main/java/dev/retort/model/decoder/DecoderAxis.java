package dev.retort.model.decoder;

import java.util.List;

/// What one dimension of a decoder's parameter counts. Two parameters that share an axis within a
/// layer must be cut alike.
public enum DecoderAxis {
  VOCABULARY,
  POSITION,
  /// Channels of the residual stream, the same ones in all layers.
  HIDDEN,
  /// The query heads of one layer, side by side: `H · d` features.
  QUERY_HEADS,
  /// The key and value heads of one layer, side by side: `G · d` features.
  KEY_VALUE_HEADS,
  /// The features of one head, which all heads have alike.
  HEAD,
  /// Neurons of one layer's feed-forward part.
  INTERMEDIATE;

  /// The axes of the parameter of this canonical name, in the order of its dimensions: a matrix has
  /// its outputs first.
  public static List<DecoderAxis> of(String parameter) {
    String part = DecoderNames.withoutLayer(parameter);
    String module = part.substring(0, part.lastIndexOf('.'));
    List<DecoderAxis> weight =
        switch (module) {
          case "embed_tokens", "lm_head" -> List.of(VOCABULARY, HIDDEN);
          case "embed_positions" -> List.of(POSITION, HIDDEN);
          case DecoderNames.QUERY -> List.of(QUERY_HEADS, HIDDEN);
          case DecoderNames.KEY, DecoderNames.VALUE -> List.of(KEY_VALUE_HEADS, HIDDEN);
          case DecoderNames.ATTENTION_OUTPUT -> List.of(HIDDEN, QUERY_HEADS);
          case DecoderNames.QUERY_NORM, DecoderNames.KEY_NORM -> List.of(HEAD);
          case DecoderNames.GATE, DecoderNames.UP -> List.of(INTERMEDIATE, HIDDEN);
          case DecoderNames.DOWN -> List.of(HIDDEN, INTERMEDIATE);
          default -> List.of(HIDDEN);
        };
    return part.endsWith(".bias") ? weight.subList(0, 1) : weight;
  }

  /// The shape of the parameter of this canonical name in a decoder of this shape.
  static long[] shape(String parameter, DecoderConfig config) {
    return of(parameter).stream().mapToLong(axis -> axis.length(config)).toArray();
  }

  /// How long this axis is in a decoder of this shape.
  public int length(DecoderConfig config) {
    AttentionShape attention = config.attention();
    return switch (this) {
      case VOCABULARY -> config.vocabularySize();
      case POSITION -> config.positions();
      case HIDDEN -> config.hiddenSize();
      case QUERY_HEADS -> attention.queryWidth();
      case KEY_VALUE_HEADS -> attention.keyValueWidth();
      case HEAD -> attention.headSize();
      case INTERMEDIATE -> config.intermediateSize();
    };
  }
}
