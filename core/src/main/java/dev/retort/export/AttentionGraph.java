package dev.retort.export;

import dev.retort.export.OnnxGraph.Operator;
import dev.retort.export.OnnxGraph.Value;
import dev.retort.model.EncoderConfig;
import java.util.List;

/// Multi-head attention `softmax(q kᵀ + bias) v` as ONNX nodes. The query comes in already divided
/// by `√d`.
final class AttentionGraph {

  /// Stands for −∞ before a softmax without making a row of only padding undefined.
  private static final float MASKED = -1e9f;

  private final OnnxGraph graph;
  private final EncoderConfig config;
  private final Value shape;
  private final Value biasB11T;

  AttentionGraph(OnnxGraph graph, EncoderConfig config, TextInputs inputs) {
    this.graph = graph;
    this.config = config;
    this.shape = inputs.shape();
    Value padding = graph.apply("Sub", graph.scalar(1), inputs.maskBT());
    Value biasBT = graph.apply("Mul", padding, graph.scalar(MASKED));
    this.biasB11T = graph.apply("Unsqueeze", biasBT, graph.integers(1, 2));
  }

  /// What every token gathers, `[B, T, H, d]`, from queries, keys and values side by side,
  /// `[tokens, 1, 3D]`.
  Value ofAllTokens(Value queryKeyValue) {
    List<Value> parts = heads(queryKeyValue, 3);
    return attend(parts.get(0), parts.get(1), parts.get(2));
  }

  /// What the first token of each text gathers, `[B, 1, H, d]`, from its query, `[batch, 1, D]`,
  /// and the keys and values of all tokens side by side, `[tokens, 1, 2D]`.
  Value ofFirstToken(Value query, Value keyValue) {
    Value heads = graph.integers(-1, config.heads(), 1, config.headSize());
    List<Value> parts = heads(keyValue, 2);
    return attend(graph.apply("Reshape", query, heads), parts.get(0), parts.get(1));
  }

  /// `[tokens, 1, count · D]` → `count` times `[B, H, T, d]`.
  private List<Value> heads(Value x, int count) {
    Value lengths = graph.integers((long) count * config.heads(), config.headSize());
    Value target = graph.apply(Operator.of("Concat").with("axis", 0), shape, lengths);
    Value heads = swapTimeAndHeads(graph.apply("Reshape", x, target));
    return graph.apply(
        Operator.of("Split").with("axis", 1).with("num_outputs", count), count, heads);
  }

  private Value attend(Value queryBHQd, Value keyBHTd, Value valueBHTd) {
    Value keyBHdT = transpose(keyBHTd, 0, 1, 3, 2);
    Value scoresBHQT = graph.apply("Add", graph.apply("MatMul", queryBHQd, keyBHdT), biasB11T);
    Value weightsBHQT = graph.apply(Operator.of("Softmax").with("axis", -1), scoresBHQT);
    return swapTimeAndHeads(graph.apply("MatMul", weightsBHQT, valueBHTd));
  }

  private Value swapTimeAndHeads(Value x) {
    return transpose(x, 0, 2, 1, 3);
  }

  private Value transpose(Value x, long... order) {
    return graph.apply(Operator.of("Transpose").with("perm", order), x);
  }
}
