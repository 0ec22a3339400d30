package dev.retort.model.convert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.retort.tensor.DType;
import dev.retort.tensor.RawTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads the weights of a BERT encoder out of a graph that PyTorch exported to
/// [ONNX](https://onnx.ai/onnx/repo-docs/IR.html).
///
/// The exporter keeps the names of embeddings, biases and norms, but folds the transposition of a
/// linear weight into an anonymous `[in, out]` constant. Its name survives in the node that
/// multiplies by it: `/encoder/layer.0/attention/self/query/MatMul`.
///
/// @param place what messages call the graph
/// @param graph the graph
record OnnxBert(String place, GraphProto graph) {

  private static final String PREFIX = "bert.";
  private static final Set<String> PARTS = Set.of("embeddings", "encoder", "pooler");
  private static final Set<String> QUANTIZED =
      Set.of("MatMulInteger", "QLinearMatMul", "DequantizeLinear", "DynamicQuantizeLinear");
  private static final String NORM = "embeddings/LayerNorm/Add";

  /// Reads the encoder in `onnx`.
  ///
  /// @throws ConversionException when it is not a BERT encoder in this style with fp32 weights
  static BertCheckpoint read(String place, byte[] onnx) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(onnx);
    input.enableAliasing(true); // the tensors stay views of the array
    try {
      return new OnnxBert(place, ModelProto.parseFrom(input).getGraph()).checkpoint();
    } catch (InvalidProtocolBufferException e) {
      throw new ConversionException(
          "%s: not an ONNX model (%s); fetch the file again".formatted(place, e.getMessage()), e);
    }
  }

  private BertCheckpoint checkpoint() throws ConversionException {
    requireKnownOperators();
    Map<String, TensorProto> initializers =
        graph.getInitializerList().stream()
            .collect(Collectors.toMap(TensorProto::getName, tensor -> tensor, (a, _) -> a));
    Map<String, RawTensor> tensors = new HashMap<>();
    for (TensorProto tensor : initializers.values()) {
      Optional<String> name = bertName(tensor.getName());
      if (name.isPresent() && !name.get().equals("embeddings.position_ids")) {
        tensors.put(name.get(), raw(tensor));
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("MatMul") && initializers.containsKey(node.getInput(1))) {
        RawTensor weight = raw(initializers.get(node.getInput(1)));
        tensors.put(weightName(node.getName()), LinearWeight.transposed(place, weight));
      }
    }
    return BertCheckpoint.of(place, normEpsilon(), tensors);
  }

  private void requireKnownOperators() throws ConversionException {
    Set<String> operators = new HashSet<>();
    graph.getNodeList().forEach(node -> operators.add(node.getOpType()));
    for (String operator : QUANTIZED) {
      if (operators.contains(operator)) {
        throw new ConversionException(
            "%s: the weights are quantized (operator %s); use the artifact with fp32 weights"
                .formatted(place, operator));
      }
    }
    if (!operators.contains("Erf")) {
      throw new ConversionException(
          "%s: expected the activation gelu (operator Erf), found none of it in %s"
              .formatted(place, operators.stream().sorted().toList()));
    }
  }

  /// The name without `bert.`, when it names a part of the encoder.
  private static Optional<String> bertName(String name) {
    String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    return Optional.of(bare).filter(n -> PARTS.contains(n.split("\\.", 2)[0]));
  }

  private String weightName(String node) throws ConversionException {
    String path = node.replaceFirst("^/", "").replaceFirst("/MatMul$", "").replace('/', '.');
    return bertName(path)
        .map(name -> name + ".weight")
        .orElseThrow(() ->
            new ConversionException(
                "%s: expected a MatMul named like '/encoder/layer.0/output/dense/MatMul', "
                        .formatted(place)
                    + "found '%s'; export the model with PyTorch 1.13 or newer".formatted(node)));
  }

  private RawTensor raw(TensorProto tensor) throws ConversionException {
    boolean plain =
        tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE
            && tensor.getDataLocation() == TensorProto.DataLocation.DEFAULT;
    if (!plain) {
      throw new ConversionException(
          "%s: tensor '%s' must hold fp32 values in the file, found type %s at %s"
              .formatted(
                  place,
                  tensor.getName(),
                  TensorProto.DataType.forNumber(tensor.getDataType()),
                  tensor.getDataLocation()));
    }
    long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    try {
      return tensor.hasRawData()
          ? new RawTensor(
              DType.FLOAT32,
              tensor.getDimsList(),
              MemorySegment.ofBuffer(tensor.getRawData().asReadOnlyByteBuffer()))
          : RawTensor.floats(floats(tensor), shape);
    } catch (IllegalArgumentException e) {
      throw new ConversionException(
          "%s: tensor '%s': %s; fetch the file again"
              .formatted(place, tensor.getName(), e.getMessage()),
          e);
    }
  }

  private static float[] floats(TensorProto tensor) {
    float[] values = new float[tensor.getFloatDataCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.getFloatData(i);
    }
    return values;
  }

  /// The constant that the first layer norm adds to the variance.
  private double normEpsilon() throws ConversionException {
    Set<String> inputs =
        graph.getNodeList().stream()
            .filter(node -> node.getName().endsWith(NORM))
            .flatMap(node -> node.getInputList().stream())
            .collect(Collectors.toSet());
    Optional<TensorProto> epsilon =
        graph.getNodeList().stream()
            .filter(node -> node.getOpType().equals("Constant"))
            .filter(node -> inputs.contains(node.getOutput(0)))
            .flatMap(node -> node.getAttributeList().stream().map(AttributeProto::getT))
            .findFirst();
    if (epsilon.isEmpty()) {
      throw new ConversionException(
          "%s: expected a constant epsilon at the node '/%s', found none".formatted(place, NORM));
    }
    // through the decimal form: 1e-12 as a float is 9.99999996e-13 as a double
    return Double.parseDouble(Float.toString(raw(epsilon.get()).toFloats()[0]));
  }
}
