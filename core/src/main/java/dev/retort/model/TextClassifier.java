package dev.retort.model;

import static dev.retort.model.EncoderNames.HEAD_DENSE;
import static dev.retort.model.EncoderNames.HEAD_OUTPUT;

import dev.retort.data.TextBatch;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// An encoder with a classification head: teacher or student.
public final class TextClassifier implements Network<TextBatch> {

  private final EncoderConfig config;
  private final Head head;
  private final List<String> labels;
  private final Parameters parameters;
  private final Encoder encoder;

  /// A classifier of these parts, which it owns from now on.
  public TextClassifier(
      EncoderConfig config, Head head, List<String> labels, Parameters parameters) {
    this.config = config;
    this.head = head;
    this.labels = List.copyOf(labels);
    this.parameters = parameters;
    this.encoder = new Encoder(config, parameters);
  }

  /// The shape of the encoder.
  public EncoderConfig config() {
    return config;
  }

  /// The kind of head.
  public Head head() {
    return head;
  }

  /// The labels, in the order of the logits.
  public List<String> labels() {
    return labels;
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
  public NetworkOutput forward(TextBatch batch, ForwardMode mode) {
    return forward(TokenBatches.of(batch), mode);
  }

  /// One pass over tensors.
  public NetworkOutput forward(TokenBatch texts, ForwardMode mode) {
    TokenBatch batch = mode.mix().map(texts::mixed).orElse(texts);
    EncoderOutput output = encoder.forward(batch, mode);
    Tensor pooledND = pooled(output, batch, mode);
    return new NetworkOutput(logits(pooledND, mode), pooledND, Optional.of(output));
  }

  private Tensor pooled(EncoderOutput output, TokenBatch batch, ForwardMode mode) {
    return switch (head) {
      case Head.PooledLinear(Pooling pooling) -> pooling.apply(output.lastBTD(), batch.maskBT());
      case Head.FirstToken(Activation activation) ->
          activation.apply(linear(HEAD_DENSE, output.lastBTD().select(1, 0), mode));
      case Head.Embedding(Pooling pooling, boolean normalized, _) -> {
        Tensor pooledND =
            mode.observed(HEAD_OUTPUT, pooling.apply(output.lastBTD(), batch.maskBT()));
        yield normalized ? Functions.normalize(pooledND) : pooledND;
      }
    };
  }

  private Optional<Tensor> logits(Tensor pooledND, ForwardMode mode) {
    return head instanceof Head.Embedding
        ? Optional.empty()
        : Optional.of(
            linear(
                HEAD_OUTPUT, Functions.dropout(pooledND, config.dropout(), mode.dropout()), mode));
  }

  private Tensor linear(String name, Tensor x, ForwardMode mode) {
    return Functions.linear(
        mode.observed(name, x),
        parameters.get(name + ".weight"),
        Optional.of(parameters.get(name + ".bias")));
  }

  @Override
  public TextClassifier twin() {
    return new TextClassifier(config, head, labels, parameters.twin());
  }

  @Override
  public TextClassifier copy() {
    return new TextClassifier(config, head, labels, parameters.copy());
  }

  /// The same weights to be asked in `precision` alone: what the layers multiply with is kept in
  /// it, so that no pass casts. What is not is shared with this model, which must not be closed
  /// before.
  public TextClassifier frozen(Precision precision) {
    return new TextClassifier(config, head, labels, parameters.frozen(precision.dtype()));
  }

  /// A student made of these layers of this model, with copies of its embeddings and head.
  public TextClassifier withLayers(List<Integer> layers) {
    return new TextClassifier(
        config.withLayers(layers), head, labels, parameters.withLayers(layers));
  }

  /// This model, which is used up, with its logits in the order of `order`.
  ///
  /// @throws IllegalArgumentException if these are other labels
  TextClassifier reordered(List<String> order) {
    if (order.size() != labels.size() || !Set.copyOf(order).equals(Set.copyOf(labels))) {
      throw new IllegalArgumentException(
          "the model's labels are %s, not %s in any order".formatted(labels, order));
    }
    long[] from = order.stream().mapToLong(labels::indexOf).toArray();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      for (String part : List.of(".weight", ".bias")) {
        Tensor rows = parameters.get(HEAD_OUTPUT + part);
        rows.setInPlace(rows.indexSelect(0, Tensors.of(from, from.length)));
      }
    }
    return new TextClassifier(config, head, order, parameters);
  }

  /// The same encoder under a new, randomly initialised head for `labels`.
  public TextClassifier withNewHead(Head newHead, List<String> newLabels, long seed) {
    SequencedMap<String, Tensor> copies = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      parameters
          .byName()
          .forEach((name, tensor) -> {
            if (!name.startsWith("head.")) {
              copies.put(name, trained(tensor));
            }
          });
      copies.putAll(freshHead(config, newHead, newLabels.size(), seed));
    }
    return new TextClassifier(config, newHead, newLabels, new Parameters(copies));
  }

  /// The tensors of a new head: weights from a normal distribution of deviation 0.02, biases zero,
  /// as BERT initialises its own.
  static SequencedMap<String, Tensor> freshHead(
      EncoderConfig config, Head head, int labels, long seed) {
    Seed.set(seed);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    if (head instanceof Head.Embedding) {
      return tensors;
    }
    if (head instanceof Head.FirstToken) {
      tensors.put(HEAD_DENSE + ".weight", fresh(config.hiddenSize(), config.hiddenSize()));
      tensors.put(HEAD_DENSE + ".bias", trained(Tensors.zeros(config.hiddenSize())));
    }
    tensors.put(HEAD_OUTPUT + ".weight", fresh(labels, config.hiddenSize()));
    tensors.put(HEAD_OUTPUT + ".bias", trained(Tensors.zeros(labels)));
    return tensors;
  }

  private static Tensor fresh(long rows, long columns) {
    return trained(Tensors.normal(0, 0.02, rows, columns));
  }

  private static Tensor trained(Tensor tensor) {
    return tensor.detach().copy().keep().requiresGrad();
  }

  @Override
  public void close() {
    parameters.close();
  }
}
