package dev.retort.model.decoder;

import dev.retort.data.SequenceBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.LinearHead;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Parameters;
import dev.retort.model.Precision;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A decoder that predicts the next token: teacher or student.
///
/// A forward pass yields the states that the head reads, for the tokens that count only; the head
/// itself is handed out, so that logits of all rows need never exist at once.
public final class CausalLanguageModel implements Network<SequenceBatch> {

  private final DecoderConfig config;
  private final Parameters parameters;
  private final Decoder decoder;

  /// A model of these parts, which it owns from now on.
  public CausalLanguageModel(DecoderConfig config, Parameters parameters) {
    this.config = config;
    this.parameters = parameters;
    this.decoder = new Decoder(config, parameters);
  }

  /// The shape of the decoder.
  public DecoderConfig config() {
    return config;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  /// The token embedding, unless the head reads all of it in every step.
  @Override
  public Set<String> tables() {
    return config.tied() ? Set.of() : Set.of(DecoderNames.WORD);
  }

  /// The layer from states to logits.
  public LinearHead head() {
    return new LinearHead(parameters.get(headName()), Optional.empty());
  }

  private String headName() {
    return config.tied() ? DecoderNames.WORD : DecoderNames.HEAD;
  }

  @Override
  public NetworkOutput forward(SequenceBatch batch, ForwardMode mode) {
    DecoderOutput output = decoded(batch, mode);
    Tensor positionsR = Tensors.of(batch.positions(), batch.positions().length);
    return NetworkOutput.behind(
        head(),
        output.lastND().indexSelect(0, positionsR).to(mode.precision().dtype()),
        Optional.of(output.features()).filter(_ -> mode.capture()));
  }

  /// The states of all tokens after the last normalisation, `[N, D]`.
  Tensor hidden(SequenceBatch batch, ForwardMode mode) {
    return decoded(batch, mode).lastND();
  }

  private DecoderOutput decoded(SequenceBatch batch, ForwardMode mode) {
    return decoder.forward(
        TokenRows.of(batch.ids(), batch.lengths()),
        new SequenceAttention(config, batch.lengths()),
        mode);
  }

  @Override
  public CausalLanguageModel twin() {
    return new CausalLanguageModel(config, parameters.twin());
  }

  @Override
  public CausalLanguageModel copy() {
    return new CausalLanguageModel(config, parameters.copy());
  }

  /// The same weights to be asked in `precision` alone: what the layers multiply with is kept in
  /// it, so that no pass casts. What is not is shared with this model, which must not be closed
  /// before.
  public CausalLanguageModel frozen(Precision precision) {
    return new CausalLanguageModel(
        config,
        parameters.frozen(
            precision.dtype(),
            name ->
                name.equals(headName())
                    || (DecoderNames.layerOf(name).isPresent() && !name.contains("norm"))));
  }

  /// A student made of these layers of this model, with copies of its embeddings and head.
  public CausalLanguageModel withLayers(List<Integer> layers) {
    return new CausalLanguageModel(
        config.withLayers(layers), parameters.withLayers(layers, DecoderNames::layerPrefix));
  }

  @Override
  public void close() {
    parameters.close();
  }
}
