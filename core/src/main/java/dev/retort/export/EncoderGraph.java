package dev.retort.export;

import static dev.retort.model.EncoderNames.ATTENTION_NORM;
import static dev.retort.model.EncoderNames.ATTENTION_OUTPUT;
import static dev.retort.model.EncoderNames.EMBEDDING_NORM;
import static dev.retort.model.EncoderNames.INTERMEDIATE;
import static dev.retort.model.EncoderNames.KEY;
import static dev.retort.model.EncoderNames.OUTPUT;
import static dev.retort.model.EncoderNames.OUTPUT_NORM;
import static dev.retort.model.EncoderNames.POSITION;
import static dev.retort.model.EncoderNames.QUERY;
import static dev.retort.model.EncoderNames.TOKEN_TYPE;
import static dev.retort.model.EncoderNames.VALUE;
import static dev.retort.model.EncoderNames.WORD;

import dev.retort.export.OnnxGraph.Operator;
import dev.retort.export.OnnxGraph.Value;
import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Parameters;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.stream.Collectors;

/// An encoder as ONNX nodes, arranged so that ONNX Runtime answers a single text fast.
///
/// * Hidden states are rows, `[tokens, 1, D]`: ONNX Runtime fuses bias, residual and layer
///   normalisation into one kernel only where all lengths but the first are known, and its layer
///   normalisation alone is four times slower than the fused one.
/// * Query, key and value come out of one product, and `1 / √d` is part of the query's weights.
/// * Where the head reads only the first token, the last layer computes only that token.
final class EncoderGraph {

  private static final String TOKENS = "tokens";
  private static final String TEXTS = "batch";

  private final OnnxGraph graph;
  private final EncoderConfig config;
  private final Parameters parameters;
  private final MatrixFormat matrices;

  EncoderGraph(
      OnnxGraph graph, EncoderConfig config, Parameters parameters, MatrixFormat matrices) {
    this.graph = graph;
    this.config = config;
    this.parameters = parameters;
    this.matrices = matrices;
  }

  /// The hidden states of all tokens after the last layer, `[tokens, 1, D]`.
  Value allTokens(TextInputs inputs) {
    return layers(config.layers(), inputs, new AttentionGraph(graph, config, inputs));
  }

  /// The hidden states of the first tokens after the last layer, `[batch, 1, D]`.
  Value firstTokens(TextInputs inputs) {
    AttentionGraph attention = new AttentionGraph(graph, config, inputs);
    int last = config.layers() - 1;
    Value hidden = layers(last, inputs, attention);
    Value hiddenBTD = byText(hidden, inputs);
    Value first =
        rows(
            graph.apply(Operator.of("Gather").with("axis", 1), hiddenBTD, graph.integers(0)),
            TEXTS);
    Value context =
        attention.ofFirstToken(linear(last, first, QUERY), linear(last, hidden, KEY, VALUE));
    return afterAttention(last, first, rows(context, TEXTS));
  }

  /// `[tokens, 1, D]` → `[B, T, D]`.
  Value byText(Value hidden, TextInputs inputs) {
    return graph.apply("Reshape", hidden, hiddenShape(inputs));
  }

  private Value hiddenShape(TextInputs inputs) {
    return graph.apply(
        Operator.of("Concat").with("axis", 0), inputs.shape(), graph.integers(config.hiddenSize()));
  }

  private Value layers(int count, TextInputs inputs, AttentionGraph attention) {
    Value hidden = embed(inputs);
    for (int layer = 0; layer < count; layer++) {
      Value context = attention.ofAllTokens(linear(layer, hidden, QUERY, KEY, VALUE));
      hidden = afterAttention(layer, hidden, rows(context, TOKENS));
    }
    return hidden;
  }

  private Value embed(TextInputs inputs) {
    try (Scope _ = Scope.open()) {
      Value words = matrices.rows(WORD, parameters.get(WORD), inputs.ids());
      Value placesTD = places(inputs);
      Value others =
          inputs
              .typeIds()
              .map(ids -> graph.apply("Add", types(ids), placesTD))
              .orElseGet(() -> graph.apply("Expand", placesTD, hiddenShape(inputs)));
      Value sum = graph.apply("Add", rows(words, TOKENS), rows(others, TOKENS));
      return norm(EMBEDDING_NORM, sum);
    }
  }

  private Value types(Value ids) {
    return graph.apply("Gather", graph.weight(TOKEN_TYPE, parameters.get(TOKEN_TYPE)), ids);
  }

  /// Position embeddings of the first `T` places, `[T, D]`. The rows below the family's first
  /// position are left out, and the only token type, if there is just one, is added.
  private Value places(TextInputs inputs) {
    int first = config.family().firstPosition(config.padId());
    Tensor table = parameters.get(POSITION).narrow(0, first, config.maxLength());
    Tensor complete = config.tokenTypes() == 1 ? table.plus(parameters.get(TOKEN_TYPE)) : table;
    Value length = graph.apply("Gather", inputs.shape(), graph.integers(1));
    return graph.apply(
        "Slice", graph.weight(POSITION, complete), graph.integers(0), length, graph.integers(0));
  }

  private Value afterAttention(int layer, Value input, Value context) {
    Value attended = linear(layer, context, ATTENTION_OUTPUT);
    Value middle = residual(layer, ATTENTION_NORM, input, attended);
    Value wide = Activations.apply(graph, config.activation(), linear(layer, middle, INTERMEDIATE));
    return residual(layer, OUTPUT_NORM, middle, linear(layer, wide, OUTPUT));
  }

  private Value residual(int layer, String norm, Value input, Value branch) {
    return norm(EncoderNames.layer(layer, norm), graph.apply("Add", branch, input));
  }

  private Value norm(String name, Value x) {
    Operator operator =
        Operator.of("LayerNormalization")
            .with("axis", -1)
            .with("epsilon", (float) config.layerNormEpsilon());
    return graph.apply(operator, x, weight(name + ".weight"), weight(name + ".bias"));
  }

  private Value weight(String name) {
    return graph.weight(name, parameters.get(name));
  }

  /// The product of `x` with the matrices of `parts`, side by side.
  private Value linear(int layer, Value x, String... parts) {
    try (Scope _ = Scope.open()) {
      List<String> names =
          List.of(parts).stream().map(part -> EncoderNames.layer(layer, part)).toList();
      return matrices.linear(
          joined(names), x, concatenated(names, ".weight"), concatenated(names, ".bias"));
    }
  }

  private Tensor concatenated(List<String> names, String kind) {
    return Tensors.concatenate(names.stream().map(name -> scaled(name, kind)).toList(), 0);
  }

  private Tensor scaled(String name, String kind) {
    Tensor tensor = parameters.get(name + kind);
    return name.endsWith(QUERY) ? tensor.times(1 / Math.sqrt(config.headSize())) : tensor;
  }

  /// Such as `encoder.layer.0.attention.self.query+key+value`.
  private static String joined(List<String> names) {
    return names.getFirst()
        + names.stream()
            .skip(1)
            .map(name -> "+" + name.substring(name.lastIndexOf('.') + 1))
            .collect(Collectors.joining());
  }

  /// `D` numbers per row, `[rows, 1, D]`.
  private Value rows(Value x, String rows) {
    Value shaped = graph.apply("Reshape", x, graph.integers(-1, 1, config.hiddenSize()));
    graph.shaped(shaped, rows, 1, config.hiddenSize());
    return shaped;
  }
}
