package dev.retort.model;

import java.util.List;

/// The shape of a transformer encoder, independent of its family.
///
/// @param family decides names, position numbers and the built-in classification head
/// @param layers how many transformer layers
/// @param hiddenSize width D of the residual stream
/// @param heads attention heads per layer; divides `hiddenSize`
/// @param intermediateSize width of the feed-forward layer
/// @param vocabularySize rows of the token embedding
/// @param positions rows of the position embedding (RoBERTa counts its two reserved rows)
/// @param tokenTypes rows of the token-type embedding; 0 where the family has none
/// @param layerNormEpsilon the ε of every layer normalisation
/// @param activation of the feed-forward layer
/// @param dropout probability of dropping an element of the residual branch, while training
/// @param attentionDropout probability of dropping an attention weight, while training
/// @param padId the token id of padding
public record EncoderConfig(
    Family family,
    int layers,
    int hiddenSize,
    int heads,
    int intermediateSize,
    int vocabularySize,
    int positions,
    int tokenTypes,
    double layerNormEpsilon,
    Activation activation,
    double dropout,
    double attentionDropout,
    int padId) {

  public EncoderConfig {
    if (layers < 1 || hiddenSize < 1 || heads < 1 || hiddenSize % heads != 0) {
      throw new ModelException(
          "config.json: %d layers, hidden size %d and %d heads do not make an encoder (heads must divide the hidden size)"
              .formatted(layers, hiddenSize, heads));
    }
  }

  /// Width of one attention head.
  public int headSize() {
    return hiddenSize / heads;
  }

  /// The longest sequence, special tokens included, that the position embedding can hold.
  public int maxLength() {
    return positions - family.firstPosition(padId);
  }

  /// The same encoder with these layers of it only, numbered from 0, in this order.
  ///
  /// @throws ModelException if a layer does not exist
  public EncoderConfig withLayers(List<Integer> kept) {
    kept.stream()
        .filter(layer -> layer < 0 || layer >= layers)
        .findFirst()
        .ifPresent(layer -> {
          throw new ModelException(
              "student.layers: layer %d does not exist; the teacher has layers 0 to %d"
                  .formatted(layer, layers - 1));
        });
    return resized(kept.size(), hiddenSize, heads, intermediateSize);
  }

  /// An encoder of another size that reads the same tokens and computes with the same functions.
  ///
  /// @throws ModelException if the numbers make no encoder
  public EncoderConfig resized(int layers, int hiddenSize, int heads, int intermediateSize) {
    return new EncoderConfig(
        family,
        layers,
        hiddenSize,
        heads,
        intermediateSize,
        vocabularySize,
        positions,
        tokenTypes,
        layerNormEpsilon,
        activation,
        dropout,
        attentionDropout,
        padId);
  }

  /// Weights that take part in matrix products, embeddings left out: the N of `6N` floating-point
  /// operations per trained token.
  public long matrixParameters() {
    long attention = 4L * hiddenSize * hiddenSize;
    long feedForward = 2L * hiddenSize * intermediateSize;
    return layers * (attention + feedForward);
  }
}
