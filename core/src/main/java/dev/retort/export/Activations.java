package dev.retort.export;

import dev.retort.export.OnnxGraph.Operator;
import dev.retort.export.OnnxGraph.Value;
import dev.retort.model.Activation;

/// The ONNX operators of activation functions.
final class Activations {

  private Activations() {}

  /// `activation` of every element of `x`.
  static Value apply(OnnxGraph graph, Activation activation, Value x) {
    return switch (activation) {
      case GELU -> graph.apply("Gelu", x);
      case GELU_TANH -> graph.apply(Operator.of("Gelu").with("approximate", "tanh"), x);
      case RELU -> graph.apply("Relu", x);
      case TANH -> graph.apply("Tanh", x);
      case SILU -> graph.apply("Mul", x, graph.apply("Sigmoid", x));
    };
  }
}
