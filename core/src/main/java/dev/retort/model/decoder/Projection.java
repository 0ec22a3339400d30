package dev.retort.model.decoder;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The matrices of a decoder's layer.
public enum Projection {
  QUERY(DecoderNames.QUERY),
  KEY(DecoderNames.KEY),
  VALUE(DecoderNames.VALUE),
  /// Of what attention finds.
  OUTPUT(DecoderNames.ATTENTION_OUTPUT),
  /// Of the feed-forward part, in families whose feed-forward part is gated.
  GATE(DecoderNames.GATE),
  /// The first of the feed-forward part.
  UP(DecoderNames.UP),
  /// The second of the feed-forward part.
  DOWN(DecoderNames.DOWN);

  private final String part;

  Projection(String part) {
    this.part = part;
  }

  /// The canonical name of its module in layer `index`, such as `layers.3.mlp.down_proj`.
  String module(int index) {
    return DecoderNames.layer(index, part);
  }

  /// Those that a layer of a decoder of this shape has.
  public static List<Projection> in(DecoderConfig config) {
    return Arrays.stream(values()).filter(projection -> projection.isIn(config)).toList();
  }

  /// What recipes call it.
  public String recipeName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether a layer of a decoder of this shape has it.
  public boolean isIn(DecoderConfig config) {
    return this != GATE || config.family().traits().gated();
  }
}
