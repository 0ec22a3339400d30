package dev.retort.model.decoder;

import dev.retort.data.SequenceBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.LinearHead;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Parameters;
import dev.retort.model.Precision;
import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// A decoder that predicts the next token: teacher or student.
///
/// A forward pass yields the states that the head reads, for the tokens that count only; the head
/// itself is handed out, so that logits of all rows need never exist at once.
///
/// A model with [Adapters] trains them alone: its own weights are frozen.
public final class CausalLanguageModel implements Network<SequenceBatch> {

  private final DecoderConfig config;
  private final Parameters weights;
  private final Optional<Adapters> adapters;

  /// A model of these parts, which it owns from now on.
  public CausalLanguageModel(DecoderConfig config, Parameters parameters) {
    this(config, parameters, Optional.empty());
  }

  private CausalLanguageModel(
      DecoderConfig config, Parameters weights, Optional<Adapters> adapters) {
    this.config = config;
    this.weights = weights;
    this.adapters = adapters;
  }

  /// The shape of the decoder.
  public DecoderConfig config() {
    return config;
  }

  /// What is trained: the adapters, where there are some, and otherwise all weights.
  @Override
  public Parameters parameters() {
    return adapters.map(Adapters::parameters).orElse(weights);
  }

  @Override
  public long weights() {
    return weights.count();
  }

  /// What is trained beside frozen weights, if they are frozen.
  public Optional<Adapters> adapters() {
    return adapters;
  }

  /// All weights, with what adapters add to them, in the scope that is open: those of a plain model
  /// that computes the same.
  public Parameters merged() {
    return adapters.map(some -> some.mergedInto(weights)).orElse(weights);
  }

  /// The token embedding, unless the head reads all of it in every step.
  @Override
  public Set<String> tables() {
    return config.tied() || adapters.isPresent() ? Set.of() : Set.of(DecoderNames.WORD);
  }

  /// The layer from states to the logits of all tokens.
  public LinearHead head() {
    Tensor weightVD = weights.find(DecoderNames.HEAD).orElseGet(() -> weights.get(headName()));
    return new LinearHead(weightVD, Optional.empty(), config.tokens());
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
            Optional.of(output.features()).filter(_ -> mode.capture()))
        .completedBy(output.rest());
  }

  /// The states of all tokens after the last normalisation, `[N, D]`.
  Tensor hidden(SequenceBatch batch, ForwardMode mode) {
    return decoded(batch, mode).lastND();
  }

  private DecoderOutput decoded(SequenceBatch batch, ForwardMode mode) {
    return decoder()
        .forward(
            TokenRows.of(batch.ids(), batch.lengths()),
            new SequenceAttention(config, batch.lengths()),
            mode);
  }

  /// What computes the states.
  Decoder decoder() {
    return new Decoder(config, weights, adapters);
  }

  @Override
  public CausalLanguageModel twin() {
    return adapters
        .map(some -> new CausalLanguageModel(config, weights.detached(), Optional.of(some.twin())))
        .orElseGet(() -> new CausalLanguageModel(config, weights.twin()));
  }

  @Override
  public CausalLanguageModel copy() {
    return adapters
        .map(some -> new CausalLanguageModel(config, weights.detached(), Optional.of(some.copy())))
        .orElseGet(() -> new CausalLanguageModel(config, weights.copy()));
  }

  /// The same weights to be asked in `precision` alone: what the layers multiply with is kept in
  /// it, so that no pass casts. What is not is shared with this model, which must not be closed
  /// before.
  public CausalLanguageModel frozen(Precision precision) {
    DType type = precision.dtype();
    SequencedMap<String, Tensor> tensors =
        weights.frozen(type, name -> isMultiplied(name) || name.equals(DecoderNames.HEAD)).byName();
    if (config.tied() && type != DType.FLOAT32) {
      // Texts are read by the embedding as it is, and the head alone multiplies.
      try (Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        tensors.put(DecoderNames.HEAD, weights.get(DecoderNames.WORD).detach().to(type).keep());
      }
    }
    return new CausalLanguageModel(
        config, new Parameters(tensors), adapters.map(some -> some.frozen(type)));
  }

  private static boolean isMultiplied(String name) {
    return DecoderNames.layerOf(name).isPresent() && !name.contains("norm");
  }

  /// This model, frozen in `precision`, beside fresh adapters that change nothing yet. What that
  /// precision leaves alone is shared with this model, which may be closed.
  public CausalLanguageModel adapted(Lora lora, Precision precision, long seed) {
    return new CausalLanguageModel(
        config,
        weights.frozen(precision.dtype(), name -> isMultiplied(name) || name.equals(headName())),
        Optional.of(Adapters.fresh(config, lora, seed)));
  }

  /// A student made of these layers of this model, with copies of its embeddings and head.
  public CausalLanguageModel withLayers(List<Integer> layers) {
    return new CausalLanguageModel(
        config.withLayers(layers), weights.withLayers(layers, DecoderNames::layerPrefix));
  }

  @Override
  public void close() {
    weights.close();
    adapters.ifPresent(Adapters::close);
  }
}
