package dev.retort.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.retort.tensor.DType;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// An ONNX graph under construction: [operators](https://onnx.ai/onnx/operators/) are applied to
/// values and yield values.
final class OnnxGraph {

  /// Operator set 20 is the first with `Gelu`; 17 brought `LayerNormalization`.
  private static final long OPERATOR_SET = 20;

  /// The version of the file format that came with operator set 20.
  private static final long FORMAT_VERSION = 9;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("classifier");

  /// A tensor that flows through the graph, by its name.
  record Value(String name) {}

  /// An operator with its attributes.
  record Operator(String type, List<AttributeProto> attributes) {
    Operator {
      attributes = List.copyOf(attributes);
    }

    static Operator of(String type) {
      return new Operator(type, List.of());
    }

    Operator with(String name, long value) {
      return with(attribute(name, AttributeProto.AttributeType.INT).setI(value));
    }

    Operator with(String name, float value) {
      return with(attribute(name, AttributeProto.AttributeType.FLOAT).setF(value));
    }

    Operator with(String name, String value) {
      return with(
          attribute(name, AttributeProto.AttributeType.STRING)
              .setS(ByteString.copyFromUtf8(value)));
    }

    Operator with(String name, long[] values) {
      List<Long> integers = Arrays.stream(values).boxed().toList();
      return with(attribute(name, AttributeProto.AttributeType.INTS).addAllInts(integers));
    }

    private Operator with(AttributeProto.Builder attribute) {
      return new Operator(
          type, Stream.concat(attributes.stream(), Stream.of(attribute.build())).toList());
    }

    private static AttributeProto.Builder attribute(
        String name, AttributeProto.AttributeType type) {
      return AttributeProto.newBuilder().setName(name).setType(type);
    }
  }

  /// Declares an `INT64` input whose dimensions have these names.
  Value input(String name, String... dimensions) {
    graph.addInput(info(name, TensorProto.DataType.INT64, shape(dimensions)));
    return new Value(name);
  }

  /// Declares `value` a `FLOAT` output `[dimension, width]` called `name`.
  void output(String name, Value value, String dimension, long width) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName(name)
            .addInput(value.name())
            .addOutput(name));
    TensorShapeProto shape = shape(dimension).toBuilder().addDim(size(width)).build();
    graph.addOutput(info(name, TensorProto.DataType.FLOAT, shape));
  }

  /// States that `value` is `FLOAT` `[dimension, sizes…]`, where shape inference cannot know.
  void shaped(Value value, String dimension, long... sizes) {
    TensorShapeProto.Builder shape = shape(dimension).toBuilder();
    Arrays.stream(sizes).forEach(length -> shape.addDim(size(length)));
    graph.addValueInfo(info(value.name(), TensorProto.DataType.FLOAT, shape.build()));
  }

  /// Adds trained numbers.
  Value weight(String name, Tensor tensor) {
    return weight(name, Tensors.raw(tensor));
  }

  /// Adds trained numbers.
  Value weight(String name, RawTensor raw) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type(raw.dtype()).getNumber())
            .addAllDims(raw.shape())
            .setRawData(UnsafeByteOperations.unsafeWrap(raw.bytes().asByteBuffer())));
    return new Value(name);
  }

  /// Adds 8-bit integers.
  Value weight(String name, byte[] values, long rows, long columns) {
    return weight(
        name, new RawTensor(DType.INT8, List.of(rows, columns), MemorySegment.ofArray(values)));
  }

  /// A list of whole numbers, such as a shape or the axes that an operator works on.
  Value integers(long... values) {
    return weight(next("constant"), RawTensor.longs(values, values.length));
  }

  /// A floating-point scalar.
  Value scalar(float value) {
    return weight(next("constant"), RawTensor.floats(new float[] {value}));
  }

  /// The one result of an operator without attributes.
  Value apply(String type, Value... inputs) {
    return apply(Operator.of(type), inputs);
  }

  /// The one result of an operator.
  Value apply(Operator operator, Value... inputs) {
    return apply(operator, 1, inputs).getFirst();
  }

  /// The first `results` results of an operator.
  List<Value> apply(Operator operator, int results, Value... inputs) {
    String name = next(operator.type());
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator.type())
            .setName(name)
            .addAllAttribute(operator.attributes());
    Arrays.stream(inputs).forEach(input -> node.addInput(input.name()));
    List<Value> values =
        IntStream.range(0, results).mapToObj(i -> new Value(name + ":" + i)).toList();
    values.forEach(value -> node.addOutput(value.name()));
    graph.addNode(node);
    return values;
  }

  /// The finished graph as the content of a file.
  ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT_VERSION)
        .setProducerName("Retort")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build();
  }

  private String next(String kind) {
    return kind + "_" + (graph.getNodeCount() + graph.getInitializerCount());
  }

  private static TensorProto.DataType type(DType type) {
    return switch (type) {
      case FLOAT32 -> TensorProto.DataType.FLOAT;
      case INT64 -> TensorProto.DataType.INT64;
      case INT8 -> TensorProto.DataType.INT8;
      default -> throw new IllegalArgumentException("no %s in exported graphs".formatted(type));
    };
  }

  private static ValueInfoProto info(
      String name, TensorProto.DataType type, TensorShapeProto shape) {
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorShapeProto shape(String... names) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String name : names) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(name));
    }
    return shape.build();
  }

  private static TensorShapeProto.Dimension size(long length) {
    return TensorShapeProto.Dimension.newBuilder().setDimValue(length).build();
  }
}
