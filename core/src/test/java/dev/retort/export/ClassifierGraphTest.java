package dev.retort.export;

import static dev.retort.export.OnnxPrecision.FP32;
import static dev.retort.export.OnnxPrecision.INT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.retort.model.ForwardMode;
import dev.retort.model.Pooling;
import dev.retort.model.TextClassifier;
import dev.retort.model.TokenBatch;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifierGraphTest {

  /// Three rows of different lengths, padded on the right; the second has two token types.
  private static final long[][] IDS = {
    {2, 90, 5, 110, 3}, {2, 60, 3, 61, 3}, {2, 3, 0, 0, 0},
  };

  private static final long[][] MASK = {{1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, {1, 1, 0, 0, 0}};
  private static final long[][] TYPES = {{0, 0, 0, 0, 0}, {0, 0, 0, 1, 1}, {0, 0, 0, 0, 0}};

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "bert, NO_OPT", "bert, ALL_OPT", "distilbert, NO_OPT", "distilbert, ALL_OPT",
    "roberta, NO_OPT", "roberta, ALL_OPT", "minilm, NO_OPT", "minilm, ALL_OPT"
  })
  void paddedBatchesGiveTheSameWithAndWithoutOptimizer(String name, OptLevel level)
      throws IOException, OrtException {
    try (TextClassifier student = student(name)) {
      float[][] expected = libtorch(student);

      float[][] exact = OnnxSessions.logits(file(student, FP32), level, IDS, MASK, TYPES);
      for (int row = 0; row < expected.length; row++) {
        assertThat(exact[row]).as("row %d", row).containsExactly(expected[row], within(1e-4f));
      }
      float[][] rough = OnnxSessions.logits(file(student, INT8), level, IDS, MASK, TYPES);
      assertThat(
              ParityReport.of(INT8.fileName(), List.of(expected), List.of(rough)).relativeError())
          .isLessThan(0.15);
    }
  }

  @ParameterizedTest
  @EnumSource
  void operatorsAreStandardOnes(OnnxPrecision precision) throws IOException {
    try (TextClassifier student = student("bert")) {
      ModelProto model = ClassifierGraph.of(student, precision);

      assertThat(model.getOpsetImportList().stream().map(OperatorSetIdProto::getDomain))
          .containsExactly("");
      assertThat(model.getGraph().getNodeList())
          .allSatisfy(node -> assertThat(node.getDomain()).isEmpty());
      assertThat(model.getGraph().getInputList())
          .extracting("name")
          .containsExactly("input_ids", "attention_mask", "token_type_ids");
    }
  }

  /// What makes a single text fast. If ONNX Runtime stops recognising the nodes, this fails.
  @Test
  void theOptimizerFusesWhatCostsTime() throws IOException, OrtException {
    try (TextClassifier student = student("minilm")) {
      int layers = student.config().layers();

      assertThat(OnnxSessions.optimizedNodes(file(student, FP32)))
          .containsEntry("SkipLayerNormalization", 2 * layers + 1)
          .containsEntry("BiasGelu", layers)
          .doesNotContainKeys("LayerNormalization", "Erf", "Identity");
      assertThat(OnnxSessions.optimizedNodes(file(student, INT8)))
          .containsEntry("SkipLayerNormalization", 2 * layers + 1)
          .containsEntry("DynamicQuantizeMatMul", 4 * layers)
          .containsEntry("Gelu", layers)
          .doesNotContainKeys("LayerNormalization", "MatMulInteger", "DynamicQuantizeLinear");
    }
  }

  @Test
  void theLastLayerComputesOnlyTheTokenThatIsRead() throws IOException, OrtException {
    try (TextClassifier student = student("roberta")) {
      int layers = student.config().layers();

      assertThat(OnnxSessions.optimizedNodes(file(student, INT8)))
          .containsEntry("SkipLayerNormalization", 2 * layers + 1)
          .containsEntry("DynamicQuantizeMatMul", 4 * layers + 1);
    }
  }

  @Test
  void eightBitFilesHoldMatricesInBytes() throws IOException {
    try (TextClassifier student = student("minilm")) {
      int layers = student.config().layers();
      List<String> bytes =
          ClassifierGraph.of(student, INT8).getGraph().getInitializerList().stream()
              .filter(tensor -> tensor.getDataType() == TensorProto.DataType.INT8.getNumber())
              .map(TensorProto::getName)
              .toList();

      assertThat(bytes)
          .hasSize(1 + 4 * layers)
          .contains(
              "embeddings.word_embeddings.weight",
              "encoder.layer.1.attention.self.query+key+value.weight");
    }
  }

  private TextClassifier student(String name) throws IOException {
    return name.equals("minilm")
        ? Students.pooled(name, Pooling.MEAN, temporary)
        : Students.ofFamily(name, temporary);
  }

  private Path file(TextClassifier student, OnnxPrecision precision) throws IOException {
    byte[] content = ClassifierGraph.of(student, precision).toByteArray();
    return Files.write(temporary.resolve(precision.fileName()), content);
  }

  private static float[][] libtorch(TextClassifier student) {
    long[] types = student.config().tokenTypes() > 1 ? flat(TYPES) : new long[15];
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      TokenBatch batch =
          new TokenBatch(
              Tensors.of(flat(IDS), 3, 5), Tensors.of(types, 3, 5), Tensors.of(flat(MASK), 3, 5));
      return student.forward(batch, ForwardMode.EVALUATE).logitsNV().toFloatRows();
    }
  }

  private static long[] flat(long[][] rows) {
    return Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
  }
}
