package dev.retort.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.retort.tensor.RawTensor;
import java.io.IOException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class OnnxBertTest {

  private final TinyOnnx tiny = new TinyOnnx();

  @Test
  void readsEveryTensorUnderItsNameAndInItsOrder() throws IOException {
    BertCheckpoint checkpoint = OnnxBert.read("tiny.onnx", tiny.bytes());

    assertThat(checkpoint.shape()).isEqualTo(TinyOnnx.SHAPE);
    assertThat(checkpoint.normEpsilon()).isEqualTo(1e-12);
    assertThat(checkpoint.tensors().keySet())
        .containsExactlyElementsOf(TinyOnnx.SHAPE.tensors().keySet())
        .hasSize(5 + 2 * 16 + 2);
    int number = 0;
    for (RawTensor tensor : checkpoint.tensors().values()) {
      float[] expected = new float[Math.toIntExact(tensor.elements())];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = TinyOnnx.value(number, i);
      }
      assertThat(tensor.toFloats()).isEqualTo(expected);
      number++;
    }
  }

  @Test
  void readsValuesFromTheFloatField() throws IOException {
    TensorProto.Builder bias = tiny.initializer("encoder.layer.1.output.LayerNorm.bias");
    bias.clearRawData();
    for (int i = 0; i < TinyOnnx.HIDDEN; i++) {
      bias.addFloatData(-i);
    }

    assertThat(OnnxBert.read("tiny.onnx", tiny.bytes()).tensors())
        .hasEntrySatisfying(
            "encoder.layer.1.output.LayerNorm.bias",
            tensor -> assertThat(tensor.toFloats()).startsWith(0, -1, -2));
  }

  @Test
  void dropsThePrefixOfModelsWithAHead() throws IOException {
    tiny.graph
        .getInitializerBuilderList()
        .forEach(t -> t.setName(t.getName().replaceFirst("^(emb|enc|pool)", "bert.$1")));

    assertThat(OnnxBert.read("tiny.onnx", tiny.bytes()).tensors().keySet())
        .containsExactlyElementsOf(TinyOnnx.SHAPE.tensors().keySet());
  }

  @Test
  void namesAMissingTensor() {
    tiny.remove("encoder.layer.1.output.dense.bias");

    assertRefused()
        .hasMessageContaining("1 tensors are not as in a BERT encoder of 2 layers")
        .hasMessageContaining("'encoder.layer.1.output.dense.bias' is missing");
  }

  @Test
  void namesATensorOfTheWrongShape() {
    tiny.initializer("encoder.layer.0.output.dense.bias")
        .clearDims()
        .addDims(2)
        .setRawData(ByteString.copyFrom(new byte[8]));

    assertRefused()
        .hasMessageContaining("'encoder.layer.0.output.dense.bias' is [2], expected [12]");
  }

  @Test
  void namesATensorThatIsNotPartOfBert() {
    tiny.addMatMul("/encoder/layer.1/adapter/MatMul", "pooler.dense.weight");

    assertRefused()
        .hasMessageContaining("'encoder.layer.1.adapter.weight' is not part of a BERT encoder");
  }

  @Test
  void namesATensorWhoseBytesDoNotFit() {
    tiny.initializer("pooler.dense.bias").setRawData(ByteString.copyFrom(new byte[4]));

    assertRefused().hasMessageContaining("tensor 'pooler.dense.bias': a tensor F32 [12] has 48");
  }

  @Test
  void refusesQuantizedWeights() {
    tiny.graph.addNode(NodeProto.newBuilder().setOpType("MatMulInteger"));

    assertRefused().hasMessageContaining("the weights are quantized (operator MatMulInteger)");
  }

  @Test
  void refusesOtherTypes() {
    tiny.initializer("pooler.dense.bias").setDataType(TensorProto.DataType.FLOAT16_VALUE);

    assertRefused()
        .hasMessageContaining("tensor 'pooler.dense.bias' must hold fp32")
        .hasMessageContaining("FLOAT16");
  }

  @Test
  void refusesAnonymousMatMuls() {
    tiny.addMatMul("MatMul_17", "pooler.dense.weight");

    assertRefused().hasMessageContaining("found 'MatMul_17'");
  }

  @Test
  void refusesAGraphThatIsNoBert() {
    tiny.remove("embeddings.word_embeddings.weight");

    assertRefused()
        .hasMessageContaining("with a tensor 'embeddings.word_embeddings.weight', found none");
  }

  @Test
  void refusesAnotherActivation() {
    tiny.graph.removeNode(tiny.graph.getNodeCount() - 1);

    assertRefused().hasMessageContaining("expected the activation gelu (operator Erf)");
  }

  @Test
  void refusesWhatIsNoOnnx() {
    assertThatThrownBy(() -> OnnxBert.read("tiny.onnx", new byte[] {10, 100, 1}))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining("tiny.onnx: not an ONNX model");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(() -> OnnxBert.read("tiny.onnx", tiny.bytes()))
        .isInstanceOf(ConversionException.class)
        .hasMessageStartingWith("tiny.onnx: ");
  }
}
