package dev.retort.model;

import static dev.retort.model.EncoderNames.ATTENTION_OUTPUT;
import static dev.retort.model.EncoderNames.HEAD_DENSE;
import static dev.retort.model.EncoderNames.HEAD_OUTPUT;
import static dev.retort.model.EncoderNames.KEY;
import static dev.retort.model.EncoderNames.OUTPUT;
import static dev.retort.model.EncoderNames.QUERY;
import static dev.retort.model.EncoderNames.VALUE;
import static dev.retort.model.EncoderNames.WORD;

import java.util.List;

/// What one dimension of a parameter counts. Two parameters that share an axis within a layer must
/// be cut alike.
public enum Axis {
  VOCABULARY,
  POSITION,
  TOKEN_TYPE,
  /// Channels of the residual stream, the same ones in all layers.
  HIDDEN,
  /// The heads of one layer's attention, side by side: `heads × headSize` features.
  HEADS,
  /// Neurons of one layer's feed-forward part.
  INTERMEDIATE,
  /// Features between the two layers of a first-token head.
  POOLED,
  LABEL;

  /// The axes of the parameter of this canonical name under `head`, in the order of its dimensions:
  /// a matrix has its outputs first.
  public static List<Axis> of(String parameter, Head head) {
    String part = EncoderNames.withoutLayer(parameter);
    return switch (part) {
      case WORD -> List.of(VOCABULARY, HIDDEN);
      case EncoderNames.POSITION -> List.of(POSITION, HIDDEN);
      case EncoderNames.TOKEN_TYPE -> List.of(TOKEN_TYPE, HIDDEN);
      default -> {
        List<Axis> matrix = ofModule(part.substring(0, part.lastIndexOf('.')), head);
        yield part.endsWith(".bias") ? matrix.subList(0, 1) : matrix;
      }
    };
  }

  private static List<Axis> ofModule(String part, Head head) {
    return switch (part) {
      case QUERY, KEY, VALUE -> List.of(HEADS, HIDDEN);
      case ATTENTION_OUTPUT -> List.of(HIDDEN, HEADS);
      case EncoderNames.INTERMEDIATE -> List.of(INTERMEDIATE, HIDDEN);
      case OUTPUT -> List.of(HIDDEN, INTERMEDIATE);
      case EncoderNames.EMBEDDING_NORM, EncoderNames.ATTENTION_NORM, EncoderNames.OUTPUT_NORM ->
          List.of(HIDDEN);
      case HEAD_DENSE -> List.of(POOLED, HIDDEN);
      case HEAD_OUTPUT -> List.of(LABEL, head instanceof Head.FirstToken ? POOLED : HIDDEN);
      default -> throw new ModelException("no encoder has a part '%s'".formatted(part));
    };
  }

  /// How long this axis is in a classifier of this shape for so many labels.
  public long length(EncoderConfig config, int labels) {
    return switch (this) {
      case VOCABULARY -> config.vocabularySize();
      case POSITION -> config.positions();
      case TOKEN_TYPE -> config.tokenTypes();
      case HIDDEN, HEADS, POOLED -> config.hiddenSize();
      case INTERMEDIATE -> config.intermediateSize();
      case LABEL -> labels;
    };
  }
}
