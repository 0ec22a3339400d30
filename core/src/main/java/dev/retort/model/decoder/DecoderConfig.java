package dev.retort.model.decoder;

import dev.retort.model.Activation;
import dev.retort.model.ModelException;
import java.util.List;

/// The shape of a decoder, independent of its family.
///
/// @param family decides names, norms and what a feed-forward layer is
/// @param hiddenSize width `D` of the residual stream
/// @param attention the shape of every layer's attention
/// @param intermediateSize width of the feed-forward layers
/// @param vocabularySize rows of the token embedding, which may be padded to a round number
/// @param tokens how many of them are tokens, `V`: nothing else is ever likely
/// @param positions the longest text in tokens
/// @param normEpsilon the ε of every normalisation
/// @param activation of the feed-forward layers
/// @param tied whether the head's weights are the token embedding
/// @param biases which products have a bias
/// @param spans what each layer's attention reaches, one for each layer
public record DecoderConfig(
    DecoderFamily family,
    int hiddenSize,
    AttentionShape attention,
    int intermediateSize,
    int vocabularySize,
    int tokens,
    int positions,
    double normEpsilon,
    Activation activation,
    boolean tied,
    Biases biases,
    List<LayerSpan> spans) {

  /// Which products have a bias.
  ///
  /// @param queryKeyValue the projections to queries, keys and values
  /// @param output the projection of attention's result
  /// @param feedForward both feed-forward projections
  public record Biases(boolean queryKeyValue, boolean output, boolean feedForward) {

    /// No biases at all.
    public static final Biases NONE = new Biases(false, false, false);
  }

  public DecoderConfig {
    spans = List.copyOf(spans);
    if (spans.isEmpty() || hiddenSize < 1 || intermediateSize < 1 || vocabularySize < 1) {
      throw new ModelException(
          "config.json: %d layers, hidden size %d, intermediate size %d and %d tokens do not make a decoder (all must be at least 1)"
              .formatted(spans.size(), hiddenSize, intermediateSize, vocabularySize));
    }
    if (tokens < 1 || tokens > vocabularySize) {
      throw new ModelException(
          "config.json: vocab_size is %d, but the tokenizer has %d tokens (at least 1, and a row for each)"
              .formatted(vocabularySize, tokens));
    }
  }

  /// How many layers there are.
  public int layers() {
    return spans.size();
  }

  /// The same decoder with these layers of it only, numbered from 0, in this order.
  ///
  /// @throws ModelException if a layer does not exist
  public DecoderConfig withLayers(List<Integer> kept) {
    for (int layer : kept) {
      if (layer < 0 || layer >= layers()) {
        throw new ModelException(
            "layer %d does not exist; the model has layers 0 to %d".formatted(layer, layers() - 1));
      }
    }
    return with(
        hiddenSize, attention, intermediateSize, tokens, kept.stream().map(spans::get).toList());
  }

  /// The same decoder with layers of another size.
  public DecoderConfig resized(int hidden, AttentionShape heads, int intermediate) {
    return with(hidden, heads, intermediate, tokens, spans);
  }

  /// The same decoder, of whose embeddings the first `count` are tokens.
  ///
  /// @throws ModelException if there are not so many
  public DecoderConfig withTokens(int count) {
    return with(hiddenSize, attention, intermediateSize, count, spans);
  }

  private DecoderConfig with(
      int hidden, AttentionShape heads, int intermediate, int count, List<LayerSpan> reaches) {
    return new DecoderConfig(
        family,
        hidden,
        heads,
        intermediate,
        vocabularySize,
        count,
        positions,
        normEpsilon,
        activation,
        tied,
        biases,
        reaches);
  }

  /// Weights that take part in matrix products, the head's included: the N of `6N` floating-point
  /// operations per trained token.
  public long matrixParameters() {
    long attended = (long) hiddenSize * 2 * (attention.queryWidth() + attention.keyValueWidth());
    long feedForward = (family.traits().gated() ? 3L : 2L) * hiddenSize * intermediateSize;
    return layers() * (attended + feedForward) + (long) vocabularySize * hiddenSize;
  }
}
