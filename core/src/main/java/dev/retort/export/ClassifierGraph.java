package dev.retort.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.retort.export.OnnxGraph.Operator;
import dev.retort.export.OnnxGraph.Value;
import dev.retort.model.Activation;
import dev.retort.model.EncoderNames;
import dev.retort.model.Head;
import dev.retort.model.Pooling;
import dev.retort.model.TextClassifier;
import dev.retort.tensor.NoGrad;

/// A classifier as an ONNX model: `input_ids`, `attention_mask` and, where the model tells types
/// apart, `token_type_ids` (`INT64` `[batch, time]`, padded on the right) become `logits` (`FLOAT`
/// `[batch, labels]`). All operators are standard ones.
final class ClassifierGraph {

  private final OnnxGraph graph = new OnnxGraph();
  private final TextClassifier classifier;
  private final EncoderGraph encoder;

  private ClassifierGraph(TextClassifier classifier, OnnxPrecision precision) {
    this.classifier = classifier;
    this.encoder =
        new EncoderGraph(
            graph, classifier.config(), classifier.parameters(), MatrixFormat.of(precision, graph));
  }

  /// The model with its matrices in `precision`; the head stays in 32 bits.
  static ModelProto of(TextClassifier classifier, OnnxPrecision precision) {
    try (NoGrad _ = NoGrad.open()) {
      return new ClassifierGraph(classifier, precision).build();
    }
  }

  private ModelProto build() {
    TextInputs inputs = TextInputs.declare(graph, classifier.config());
    switch (classifier.head()) {
      case Head.Embedding(Pooling pooling, boolean normalized, _) -> {
        Value pooledND = pooled(pooling, inputs);
        Value embedding = normalized ? normalized(pooledND) : pooledND;
        graph.output("embedding", embedding, "batch", classifier.config().hiddenSize());
      }
      case Head.PooledLinear(Pooling pooling) -> logits(pooled(pooling, inputs));
      case Head.FirstToken(Activation activation) ->
          logits(
              Activations.apply(
                  graph, activation, linear(EncoderNames.HEAD_DENSE, firstToken(inputs))));
    }
    return graph.model();
  }

  private void logits(Value pooledND) {
    Value logits = linear(EncoderNames.HEAD_OUTPUT, pooledND);
    graph.output("logits", logits, "batch", classifier.labels().size());
  }

  private Value pooled(Pooling pooling, TextInputs inputs) {
    return switch (pooling) {
      case MEAN -> mean(inputs);
      case CLS -> firstToken(inputs);
    };
  }

  /// `x / ‖x‖`.
  private Value normalized(Value pooledND) {
    return graph.apply(Operator.of("LpNormalization").with("axis", -1).with("p", 2), pooledND);
  }

  /// `Σ mask · hidden / Σ mask` over time, as a product with the weights `mask / Σ mask`.
  private Value mean(TextInputs inputs) {
    Value hiddenBTD = encoder.byText(encoder.allTokens(inputs), inputs);
    Value time = graph.integers(1);
    Value tokens = graph.apply(Operator.of("ReduceSum").with("keepdims", 1), inputs.maskBT(), time);
    Value weightsB1T = graph.apply("Unsqueeze", graph.apply("Div", inputs.maskBT(), tokens), time);
    return graph.apply("Squeeze", graph.apply("MatMul", weightsB1T, hiddenBTD), time);
  }

  private Value firstToken(TextInputs inputs) {
    return graph.apply("Squeeze", encoder.firstTokens(inputs), graph.integers(1));
  }

  private Value linear(String name, Value x) {
    return graph.apply(
        Operator.of("Gemm").with("transB", 1),
        x,
        graph.weight(name + ".weight", classifier.parameters().get(name + ".weight")),
        graph.weight(name + ".bias", classifier.parameters().get(name + ".bias")));
  }
}
