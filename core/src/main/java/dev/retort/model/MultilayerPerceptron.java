package dev.retort.model;

import dev.retort.data.ImageBatch;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// A classifier of images that sees them as vectors: fully connected layers with rectified linear
/// units and dropout, as the networks of Hinton et al. 2015, section 3.
///
/// ```
/// h₀ = dropout(x)      hᵢ = dropout(max(Wᵢ hᵢ₋₁ + bᵢ, 0))      logits = V hₙ + c
/// ```
public final class MultilayerPerceptron implements Network<ImageBatch> {

  private static final String HIDDEN = "hidden.";
  private static final String HEAD = "head.output";

  /// How large a perceptron is, and how much it drops in training.
  ///
  /// @param inputs values of an image, `C · H · W`
  /// @param hidden width of each hidden layer; none for a linear classifier
  /// @param labels how many classes there are
  /// @param inputDropout share of the image's values that are dropped
  /// @param hiddenDropout share of each hidden layer that is dropped
  public record Shape(
      int inputs, List<Integer> hidden, int labels, double inputDropout, double hiddenDropout) {

    public Shape {
      hidden = List.copyOf(hidden);
      if (inputs < 1 || labels < 1 || hidden.stream().anyMatch(width -> width < 1)) {
        throw new IllegalArgumentException(
            "every layer needs a width of 1 or more, but they are %d, %s and %d"
                .formatted(inputs, hidden, labels));
      }
      requireShare("inputDropout", inputDropout);
      requireShare("hiddenDropout", hiddenDropout);
    }

    private static void requireShare(String name, double value) {
      if (!(value >= 0 && value < 1)) {
        throw new IllegalArgumentException(
            "%s is %s; allowed is 0 or more, and less than 1".formatted(name, value));
      }
    }

    /// The width of what layer `index` sees.
    private int inputsOf(int index) {
      return index == 0 ? inputs : hidden.get(index - 1);
    }
  }

  private final Shape shape;
  private final Parameters parameters;

  /// A perceptron of these parameters, which it owns from now on: `hidden.I.weight` `[out, in]` and
  /// `hidden.I.bias` for each hidden layer, `head.output.weight` and `head.output.bias`.
  public MultilayerPerceptron(Shape shape, Parameters parameters) {
    this.shape = shape;
    this.parameters = parameters;
  }

  /// A new perceptron: weights from a normal distribution, of variance `2 / in` where a rectifier
  /// follows (He et al. 2015) and `1 / in` in the head; biases zero.
  public static MultilayerPerceptron random(Shape shape, long seed) {
    Seed.set(seed);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    try (Scope _ = Scope.open()) {
      int layers = shape.hidden().size();
      for (int layer = 0; layer < layers; layer++) {
        put(tensors, HIDDEN + layer, 2, shape.hidden().get(layer), shape.inputsOf(layer));
      }
      put(tensors, HEAD, 1, shape.labels(), shape.inputsOf(layers));
    }
    return new MultilayerPerceptron(shape, new Parameters(tensors));
  }

  private static void put(
      SequencedMap<String, Tensor> tensors, String name, double gain, int out, int in) {
    Tensor weight = Tensors.normal(0, Math.sqrt(gain / in), out, in);
    tensors.put(name + ".weight", weight.keep().requiresGrad());
    tensors.put(name + ".bias", Tensors.zeros(out).keep().requiresGrad());
  }

  /// The sizes.
  public Shape shape() {
    return shape;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Set<String> tables() {
    return Set.of();
  }

  @Override
  public NetworkOutput forward(ImageBatch batch, ForwardMode mode) {
    DType type = mode.precision().dtype();
    Tensor pixelsBD = Tensors.of(batch.brightness(), batch.size(), batch.shape().values());
    Tensor hiddenBD =
        Functions.dropout(mode.mixed(pixelsBD), shape.inputDropout(), mode.dropout()).to(type);
    for (int layer = 0; layer < shape.hidden().size(); layer++) {
      Tensor rectifiedBD = Functions.relu(linear(HIDDEN + layer, hiddenBD));
      hiddenBD = Functions.dropout(rectifiedBD, shape.hiddenDropout(), mode.dropout());
    }
    Tensor pooledND = hiddenBD.to(DType.FLOAT32);
    return new NetworkOutput(Optional.of(linear(HEAD, pooledND)), pooledND, Optional.empty());
  }

  /// The layer called `name`, in the type of `x`.
  private Tensor linear(String name, Tensor x) {
    return Functions.linear(
        x,
        parameters.get(name + ".weight").to(x.dtype()),
        Optional.of(parameters.get(name + ".bias").to(x.dtype())));
  }

  @Override
  public MultilayerPerceptron twin() {
    return new MultilayerPerceptron(shape, parameters.twin());
  }

  @Override
  public MultilayerPerceptron copy() {
    return new MultilayerPerceptron(shape, parameters.copy());
  }

  @Override
  public void close() {
    parameters.close();
  }
}
