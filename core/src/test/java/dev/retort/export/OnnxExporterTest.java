package dev.retort.export;

import static dev.retort.export.OnnxPrecision.FP32;
import static dev.retort.export.OnnxPrecision.INT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.retort.model.Activation;
import dev.retort.model.Pooling;
import dev.retort.model.TextClassifier;
import dev.retort.runtime.Classifier;
import dev.retort.runtime.StudentManifest;
import dev.retort.runtime.TextPair;
import dev.retort.tensor.NoGrad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxExporterTest {

  private static final Set<OnnxPrecision> BOTH = EnumSet.allOf(OnnxPrecision.class);

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "xlm-roberta"})
  void familyHeadsSurviveTheExport(String family) throws IOException {
    try (TextClassifier student = Students.ofFamily(family, temporary)) {
      assertFaithful(exporter(student).write(target(), BOTH));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert, MEAN", "bert, CLS", "distilbert, MEAN", "distilbert, CLS", "roberta, MEAN",
    "roberta, CLS", "xlm-roberta, MEAN", "xlm-roberta, CLS", "minilm, MEAN", "bge, CLS"
  })
  void pooledHeadsSurviveTheExport(String name, Pooling pooling) throws IOException {
    try (TextClassifier student = Students.pooled(name, pooling, temporary)) {
      assertFaithful(exporter(student).write(target(), BOTH));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyActivationSurvivesTheExport(Activation activation) throws IOException {
    try (TextClassifier student =
        Students.withActivation(Students.ofFamily("bert", temporary), activation)) {
      assertFaithful(exporter(student).write(target(), BOTH));
    }
  }

  @Test
  void oneLayerThatReadsOnlyTheFirstTokenIsEnough() throws IOException {
    try (TextClassifier bert = Students.ofFamily("bert", temporary);
        TextClassifier student = bert.withLayers(List.of(1))) {
      assertFaithful(exporter(student).write(target(), BOTH));
    }
  }

  @Test
  void pairsAreCheckedAsPairs() throws IOException {
    try (TextClassifier student = Students.ofFamily("bert", temporary)) {
      Samples pairs =
          new Samples.Pairs(
              List.of(new TextPair("good film", "bad film"), new TextPair("hello", "")));
      var exporter = new OnnxExporter(student, Students.TOKENIZER, 40, 1, pairs);

      assertFaithful(exporter.write(target(), BOTH));
      assertThat(StudentManifest.read(target()).input().pair()).isTrue();
    }
  }

  @Test
  void theFolderIsOneThatTheRuntimeOpens() throws IOException {
    try (TextClassifier student = Students.ofFamily("distilbert", temporary)) {
      new OnnxExporter(student, Students.TOKENIZER, 16, 2.5, Students.TEXTS).write(target(), BOTH);
    }

    StudentManifest manifest = StudentManifest.read(target());
    assertThat(manifest.input().names()).containsExactly("input_ids", "attention_mask");
    assertThat(manifest.input().maxLength()).isEqualTo(16);
    assertThat(manifest.output().temperature()).isEqualTo(2.5);
    assertThat(manifest.modelFiles()).containsExactly("model.onnx", "model-int8.onnx");
    try (Classifier exported = Classifier.open(target())) {
      assertThat(exported.labels()).containsExactly("negative", "neutral", "positive");
      assertThat(exported.classify("a good film").probability()).isBetween(0.0, 1.0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatComputesSomethingElseIsNotPutInPlace(OnnxPrecision precision) throws IOException {
    try (TextClassifier student = Students.ofFamily("bert", temporary)) {
      exporter(student).write(target(), Set.of(FP32));
      byte[] before = Files.readAllBytes(target().resolve("model.onnx"));

      assertThatThrownBy(() ->
              exporter(student)
                  .write(target(), Set.of(precision), OnnxExporterTest::withBrokenWeight))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining(
              precision.fileName() + " does not compute what the student computes")
          .hasMessageContaining("over 8 samples");

      assertThat(target().resolve("model.onnx")).hasBinaryContent(before);
      assertThat(target().resolve("model-int8.onnx")).doesNotExist();
      assertThat(siblingsOfTarget()).containsExactly("checkpoint-bert", "export");
    }
  }

  @Test
  void aSecondExportReplacesTheFirstAndLeavesOtherFilesAlone() throws IOException {
    try (TextClassifier student = Students.ofFamily("bert", temporary)) {
      exporter(student).write(target(), BOTH);
      Files.writeString(target().resolve("notes.txt"), "mine");
      new OnnxExporter(student, Students.TOKENIZER, 20, 1, Students.TEXTS)
          .write(target(), Set.of(FP32));
    }
    assertThat(target().resolve("notes.txt")).hasContent("mine");
    assertThat(target().resolve("model-int8.onnx")).doesNotExist();
    assertThat(StudentManifest.read(target()).input().maxLength()).isEqualTo(20);
    try (Classifier exported = Classifier.open(target())) {
      assertThat(exported.classify("hello").label()).isNotEmpty();
    }
  }

  @Test
  void theSameStudentGivesTheSameBytes() throws IOException {
    try (TextClassifier student = Students.ofFamily("bert", temporary)) {
      exporter(student).write(target(), BOTH);
      exporter(student).write(temporary.resolve("again"), BOTH);
    }
    for (String name : List.of("model.onnx", "model-int8.onnx", "retort.json")) {
      assertThat(temporary.resolve("again").resolve(name))
          .hasSameBinaryContentAs(target().resolve(name));
    }
  }

  @Test
  void lengthsBeyondThePositionsAreRefused() throws IOException {
    try (TextClassifier student = Students.ofFamily("roberta", temporary)) {
      assertThatThrownBy(() -> new OnnxExporter(student, Students.TOKENIZER, 39, 1, Students.TEXTS))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("maxLength 39 must be from 1 to 38");
    }
  }

  @Test
  void anotherModelsTokenizerIsRefused() throws IOException {
    Path other = temporary.resolve("tokenizer.json");
    Files.writeString(
        other,
        Files.readString(Students.TOKENIZER).replaceFirst("\"book\": ?\\d+", "\"book\":500"));
    try (TextClassifier student = Students.ofFamily("bert", temporary)) {
      var exporter = new OnnxExporter(student, other, 40, 1, Students.TEXTS);
      assertThatThrownBy(() -> exporter.write(target(), BOTH))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("has 501 tokens but the model has embeddings for 120");
    }
    assertThat(target()).doesNotExist();
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() throws IOException {
    try (TextClassifier student = Students.ofFamily("bert", temporary);
        NoGrad _ = NoGrad.open()) {
      student.parameters().get("encoder.layer.1.output.dense.weight").timesInPlace(Double.NaN);
      assertThatThrownBy(() -> exporter(student).write(target(), Set.of(INT8)))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("encoder.layer.1.output.dense.weight cannot be quantized");
      assertThatThrownBy(() -> exporter(student).write(target(), Set.of(FP32)))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("the student answers NaN");
    }
    assertThat(target()).doesNotExist();
  }

  private Path target() {
    return temporary.resolve("export");
  }

  private static OnnxExporter exporter(TextClassifier student) {
    return new OnnxExporter(
        student, Students.TOKENIZER, student.config().maxLength(), 1, Students.TEXTS);
  }

  private static void assertFaithful(List<ParityReport> reports) {
    assertThat(reports)
        .extracting(ParityReport::file)
        .containsExactly(FP32.fileName(), INT8.fileName());
    ParityReport exact = reports.getFirst();
    ParityReport rough = reports.getLast();
    assertThat(exact.maxDifference()).isLessThanOrEqualTo(1e-4);
    assertThat(exact.agreement()).isEqualTo(1);
    assertThat(rough.relativeError()).isPositive().isLessThan(0.15);
    assertThat(rough.maxDifference()).isGreaterThan(exact.maxDifference());
  }

  /// The graph of `student` with the first matrix of its first layer zeroed.
  private static ModelProto withBrokenWeight(TextClassifier student, OnnxPrecision precision) {
    ModelProto.Builder model = ClassifierGraph.of(student, precision).toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getName().equals("encoder.layer.0.output.dense.weight")
          || tensor.getName().equals("head.output.weight")) {
        tensor.setRawData(ByteString.copyFrom(new byte[tensor.getRawData().size()]));
      }
    }
    return model.build();
  }

  private List<String> siblingsOfTarget() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
