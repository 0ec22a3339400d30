package dev.retort.model.convert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A tiny BERT encoder in ONNX, in the style of PyTorch's exporter: named embeddings, biases and
/// norms, and anonymous transposed linear weights. Element `i` of the tensor with number `n` is `n
/// + i / 1024`, where linear weights count in the order before their transposition.
final class TinyOnnx {

  static final long VOCABULARY = 7;
  static final long POSITIONS = 5;
  static final long HIDDEN = 12;
  static final long INTERMEDIATE = 6;
  static final int LAYERS = 2;
  static final BertShape SHAPE =
      new BertShape(VOCABULARY, POSITIONS, 2, HIDDEN, INTERMEDIATE, LAYERS, true, false);
  static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": {"max_length": 128}, "padding": {"strategy": {"Fixed": 128}},
       "added_tokens": [{"id": 3, "content": "[PAD]"}],
       "model": {"type": "WordPiece", "vocab": {"a": 0, "b": 1, "é": 2}}}
      """;

  final GraphProto.Builder graph = GraphProto.newBuilder();

  TinyOnnx() {
    int number = 0;
    for (Map.Entry<String, List<Long>> tensor : SHAPE.tensors().entrySet()) {
      add(tensor.getKey(), tensor.getValue(), number++);
    }
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("embeddings.position_ids")
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(1)
            .setRawData(ByteString.copyFrom(new byte[Long.BYTES])));
    TensorProto.Builder epsilon = floats("", List.of(), 1e-12f);
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Constant")
            .addOutput("epsilon")
            .addAttribute(AttributeProto.newBuilder().setName("value").setT(epsilon)));
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Add")
            .setName("/embeddings/LayerNorm/Add")
            .addInput("variance")
            .addInput("epsilon"));
    graph.addNode(NodeProto.newBuilder().setOpType("Erf").setName("/encoder/layer.0/Erf"));
  }

  static float value(int number, int index) {
    return number + index / 1024f;
  }

  void addMatMul(String node, String weight) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("MatMul")
            .setName(node)
            .addInput("activations")
            .addInput(weight));
  }

  TensorProto.Builder initializer(String name) {
    return graph.getInitializerBuilder(indexOf(name));
  }

  void remove(String name) {
    graph.removeInitializer(indexOf(name));
  }

  byte[] bytes() {
    return ModelProto.newBuilder().setIrVersion(7).setGraph(graph).build().toByteArray();
  }

  Path jar(Path file) throws IOException {
    return jar(file, Map.of("tiny.onnx", bytes(), "tiny-tokenizer.json", utf8(TOKENIZER)));
  }

  static Path jar(Path file, Map<String, byte[]> entries) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return file;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private int indexOf(String name) {
    return graph.getInitializerList().stream().map(TensorProto::getName).toList().indexOf(name);
  }

  private void add(String name, List<Long> shape, int number) {
    long size = shape.stream().reduce(1L, (a, b) -> a * b);
    float[] values = new float[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(number, i);
    }
    boolean linear = name.startsWith("encoder") && shape.size() == 2;
    if (!linear) {
      graph.addInitializer(floats(name, shape, values));
      return;
    }
    int out = Math.toIntExact(shape.get(0));
    int in = Math.toIntExact(shape.get(1));
    float[] transposed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      transposed[i % in * out + i / in] = values[i];
    }
    String anonymous = "onnx::MatMul_" + (900 + number);
    graph.addInitializer(floats(anonymous, List.of(shape.get(1), shape.get(0)), transposed));
    String node = "/" + name.replace(".weight", "/MatMul");
    addMatMul(node.replace('.', '/').replace("layer/", "layer."), anonymous);
  }

  private static TensorProto.Builder floats(String name, List<Long> shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .addAllDims(shape)
        .setRawData(ByteString.copyFrom(bytes));
  }
}
