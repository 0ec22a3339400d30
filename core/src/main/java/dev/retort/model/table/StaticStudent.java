package dev.retort.model.table;

import static dev.retort.model.EncoderNames.HEAD_OUTPUT;
import static dev.retort.model.EncoderNames.WORD;

import dev.retort.data.TextBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Parameters;
import dev.retort.model.TokenBatch;
import dev.retort.model.TokenBatches;
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

/// A student without layers: the sum of a text's token vectors, brought to length 1, and on it
/// softmax regression if it is to choose a label.
///
/// ```
/// x = Σ e(token)        x̂ = x / √(‖x‖² + ε)        logits = W x̂ + b
/// ```
///
/// The vectors are trained along with the head, or stay what the teacher made them.
public final class StaticStudent implements Network<TextBatch> {

  /// Keeps the vector of a text without tokens at zero, and its gradient finite.
  private static final double EPSILON = 1e-24;

  /// Which vectors the student reads.
  private record Vectors(Tensor vectorsVD, Tensor keptV1, boolean trained) {

    /// The same vectors for another student, which may be closed before this one.
    Vectors shared() {
      try (Scope _ = Scope.open()) {
        return new Vectors(
            trained ? vectorsVD : vectorsVD.detach().keep(), keptV1.detach().keep(), trained);
      }
    }
  }

  private final Vectors vectors;
  private final List<String> labels;
  private final Parameters parameters;

  private StaticStudent(Vectors vectors, List<String> labels, Parameters parameters) {
    this.vectors = vectors;
    this.labels = List.copyOf(labels);
    this.parameters = parameters;
  }

  /// A student over a copy of `table`, under a new head: weights from a normal distribution of
  /// deviation 0.02, biases zero.
  ///
  /// @param labels what it chooses from; none if it only embeds, which needs no head
  /// @param trained whether the token vectors are trained
  public static StaticStudent over(
      TokenTable table, List<String> labels, boolean trained, long seed) {
    Seed.set(seed);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor vectorsVD = table.vectorsVD().detach().copy().keep();
      if (trained) {
        tensors.put(WORD, vectorsVD.requiresGrad());
      }
      if (!labels.isEmpty()) {
        Tensor weightCD = Tensors.normal(0, 0.02, labels.size(), vectorsVD.size(1));
        tensors.put(HEAD_OUTPUT + ".weight", weightCD.keep().requiresGrad());
        tensors.put(HEAD_OUTPUT + ".bias", Tensors.zeros(labels.size()).keep().requiresGrad());
      }
      Tensor keptV1 = table.keptV1().detach().copy().keep();
      return new StaticStudent(
          new Vectors(vectorsVD, keptV1, trained), labels, new Parameters(tensors));
    }
  }

  /// The labels, in the order of the logits; none if it only embeds.
  public List<String> labels() {
    return labels;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Set<String> tables() {
    return vectors.trained() ? Set.of(WORD) : Set.of();
  }

  /// The token vectors by token id, `[V, D]`.
  public Tensor vectorsVD() {
    return vectors.trained() ? parameters.get(WORD) : vectors.vectorsVD();
  }

  /// One pass over `texts`, in 32 bits under any mode: there is no product worth fewer.
  @Override
  public NetworkOutput forward(TextBatch texts, ForwardMode mode) {
    TokenBatch batch = TokenBatches.of(texts);
    Tensor countedBT1 =
        Functions.embedding(vectors.keptV1(), batch.idsBT())
            .times(batch.maskBT().to(vectors.keptV1().dtype()).unsqueeze(-1));
    Tensor tokensBTD = Functions.lookup(vectorsVD(), batch.idsBT()).times(countedBT1);
    Tensor sumBD = mode.mixed(tokensBTD.sum(1, false));
    Tensor lengthB1 = sumBD.square().sum(-1, true).plus(EPSILON).squareRoot();
    Tensor textsBD = sumBD.dividedBy(lengthB1);
    return new NetworkOutput(logits(textsBD), textsBD, Optional.empty());
  }

  private Optional<Tensor> logits(Tensor textsBD) {
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Functions.linear(
                textsBD,
                parameters.get(HEAD_OUTPUT + ".weight"),
                Optional.of(parameters.get(HEAD_OUTPUT + ".bias"))));
  }

  @Override
  public StaticStudent twin() {
    return new StaticStudent(vectors.shared(), labels, parameters.twin());
  }

  @Override
  public StaticStudent copy() {
    return new StaticStudent(vectors.shared(), labels, parameters.copy());
  }

  @Override
  public void close() {
    parameters.close();
    vectors.keptV1().close();
    if (!vectors.trained()) {
      vectors.vectorsVD().close();
    }
  }
}
