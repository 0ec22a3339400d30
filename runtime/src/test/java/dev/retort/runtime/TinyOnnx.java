package dev.retort.runtime;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;

/// A classifier small enough to compute by hand: `logits = mean(E[ids] + S[types]) · W + b`, where
/// the mean runs over the positions that the attention mask keeps.
final class TinyOnnx {
  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");

  private TinyOnnx() {}

  /// The bytes of the ONNX file.
  static byte[] classifier(TinyWeights weights) {
    return new TinyOnnx().build(weights);
  }

  private byte[] build(TinyWeights weights) {
    int hidden = weights.hidden();
    int labels = weights.labels();
    parameter("E", weights.embeddingVH(), weights.vocabulary(), hidden);
    parameter("S", weights.segmentSH(), 2, hidden);
    parameter("W", weights.headHC(), hidden, labels);
    parameter("b", weights.biasC(), labels);
    axis("time_axis", 1);
    axis("hidden_axis", 2);
    input("input_ids");
    input("attention_mask");
    node("Gather", "tokens", "E", "input_ids");
    if (weights.segments()) {
      input("token_type_ids");
      node("Gather", "segments", "S", "token_type_ids");
      node("Add", "embedded", "tokens", "segments");
    } else {
      node("Identity", "embedded", "tokens");
    }
    poolAndScore();
    output(labels);
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private void poolAndScore() {
    attribute(node("Cast", "mask", "attention_mask"), "to", TensorProto.DataType.FLOAT_VALUE);
    node("Unsqueeze", "mask_column", "mask", "hidden_axis");
    node("Mul", "kept", "embedded", "mask_column");
    // Masked twice, which changes nothing unless a mask is neither 0 nor 1.
    node("Mul", "kept_again", "kept", "mask_column");
    attribute(node("ReduceSum", "sum", "kept_again", "time_axis"), "keepdims", 0);
    attribute(node("ReduceSum", "count", "mask", "time_axis"), "keepdims", 1);
    node("Div", "mean", "sum", "count");
    node("MatMul", "scores", "mean", "W");
    node("Add", "logits", "scores", "b");
  }

  private NodeProto.Builder node(String operator, String output, String... inputs) {
    return graph
        .addNodeBuilder()
        .setOpType(operator)
        .setName(output)
        .addOutput(output)
        .addAllInput(List.of(inputs));
  }

  private static void attribute(NodeProto.Builder node, String name, long value) {
    node.addAttributeBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value);
  }

  private void parameter(String name, float[] values, int... shape) {
    TensorProto.Builder tensor =
        graph.addInitializerBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (int dimension : shape) {
      tensor.addDims(dimension);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
  }

  private void axis(String name, long axis) {
    graph
        .addInitializerBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT64_VALUE)
        .addDims(1)
        .addInt64Data(axis);
  }

  private void input(String name) {
    graph.addInput(
        value(name, TensorProto.DataType.INT64_VALUE, unknown("batch"), unknown("time")));
  }

  private void output(int labels) {
    Dimension columns = Dimension.newBuilder().setDimValue(labels).build();
    graph.addOutput(value("logits", TensorProto.DataType.FLOAT_VALUE, unknown("batch"), columns));
  }

  private static Dimension unknown(String name) {
    return Dimension.newBuilder().setDimParam(name).build();
  }

  private static ValueInfoProto value(String name, int type, Dimension... shape) {
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(type)
            .setShape(TensorShapeProto.newBuilder().addAllDim(List.of(shape)))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
