package dev.retort.model;

import dev.retort.data.MaskedBatch;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An encoder that finds hidden tokens (Devlin et al. 2019): teacher or student.
///
/// Logits are computed for the hidden tokens only: a dense layer, the family's activation, a layer
/// normalisation, products with the word embeddings, and a bias for each token.
public final class MaskedLanguageModel implements Network<MaskedBatch> {

  private final EncoderConfig config;
  private final Parameters parameters;
  private final Encoder encoder;

  /// A model of these parts, which it owns from now on.
  public MaskedLanguageModel(EncoderConfig config, Parameters parameters) {
    this.config = config;
    this.parameters = parameters;
    this.encoder = new Encoder(config, parameters);
  }

  /// The shape of the encoder.
  public EncoderConfig config() {
    return config;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Set<String> tables() {
    return Set.of(EncoderNames.WORD);
  }

  @Override
  public NetworkOutput forward(MaskedBatch batch, ForwardMode mode) {
    Tensor positionsN = Tensors.of(batch.positions(), batch.positions().length);
    return forward(TokenBatches.of(batch.text()), positionsN, mode);
  }

  /// One pass over tensors.
  ///
  /// @param positionsN which tokens to find, `INT64` `[N]`, counted through the batch row by row
  public NetworkOutput forward(TokenBatch batch, Tensor positionsN, ForwardMode mode) {
    EncoderOutput output = encoder.forward(batch, mode);
    Tensor hiddenND = output.lastBTD().reshape(-1, config.hiddenSize()).indexSelect(0, positionsN);
    Tensor transformedND = transformed(hiddenND, mode.precision().dtype());
    return new NetworkOutput(
        Optional.of(logits(transformedND, mode.precision().dtype())),
        transformedND,
        Optional.of(output));
  }

  private Tensor transformed(Tensor hiddenND, DType type) {
    String dense = EncoderNames.TOKEN_DENSE;
    String norm = EncoderNames.TOKEN_NORM;
    Tensor denseND =
        Functions.linear(
            hiddenND.to(type),
            parameters.get(dense + ".weight").to(type),
            Optional.of(parameters.get(dense + ".bias").to(type)));
    return Functions.layerNorm(
        config.family().tokenActivation(config).apply(denseND).to(DType.FLOAT32),
        parameters.get(norm + ".weight"),
        parameters.get(norm + ".bias"),
        config.layerNormEpsilon());
  }

  private Tensor logits(Tensor transformedND, DType type) {
    Tensor wordsVD = parameters.get(EncoderNames.WORD).to(type);
    return Functions.linear(transformedND.to(type), wordsVD, Optional.empty())
        .to(DType.FLOAT32)
        .plus(parameters.get(EncoderNames.TOKEN_BIAS));
  }

  @Override
  public MaskedLanguageModel twin() {
    return new MaskedLanguageModel(config, parameters.twin());
  }

  @Override
  public MaskedLanguageModel copy() {
    return new MaskedLanguageModel(config, parameters.copy());
  }

  /// A student made of these layers of this model, with copies of its embeddings and head.
  public MaskedLanguageModel withLayers(List<Integer> layers) {
    return new MaskedLanguageModel(config.withLayers(layers), parameters.withLayers(layers));
  }

  @Override
  public void close() {
    parameters.close();
  }
}
