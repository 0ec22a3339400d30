package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.export.StaticExporter.Format;
import dev.retort.model.EncoderNames;
import dev.retort.model.Pooling;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.model.table.StaticSettings;
import dev.retort.model.table.StaticSettings.Frequencies;
import dev.retort.model.table.StaticStudent;
import dev.retort.model.table.TokenTable;
import dev.retort.runtime.Classifier;
import dev.retort.runtime.Embedder;
import dev.retort.runtime.StudentException;
import dev.retort.runtime.StudentManifest;
import dev.retort.runtime.TextPair;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StaticExporterTest {

  private static final List<String> LABELS = List.of("ham", "spam", "other");

  @TempDir private Path temporary;

  private TokenTable table;
  private StaticStudent student;

  @BeforeEach
  void distil() throws IOException {
    StaticSettings settings =
        new StaticSettings(8, 1e-2, new Frequencies.OfVocabulary(), Precision.FP32);
    try (TextClassifier teacher = Students.pooled("minilm", Pooling.MEAN, temporary)) {
      table = TokenTable.distil(teacher, Students.TOKENIZER, settings, _ -> {});
    }
    student = StaticStudent.over(table, LABELS, true, 5);
  }

  @AfterEach
  void free() {
    table.close();
    student.close();
  }

  private Path target() {
    return temporary.resolve("export");
  }

  private StaticExporter exporter(Samples samples) {
    return new StaticExporter(student, Students.TOKENIZER, Map.of(), 32, 2.5, samples);
  }

  @ParameterizedTest
  @EnumSource
  void theRuntimeAnswersAsTheStudentDoes(Format format) throws IOException {
    ParityReport report = exporter(Students.TEXTS).write(target(), format);

    assertThat(report.file()).isEqualTo("model.safetensors");
    assertThat(report.samples()).isEqualTo(8);
    assertThat(report.maxDifference()).isLessThan(format == Format.FP16 ? 1e-3 : 1e-6);
    StudentManifest manifest = StudentManifest.read(target());
    assertThat(manifest.output()).isEqualTo(new StudentManifest.Output(LABELS, 2.5));
    assertThat(manifest.input())
        .isEqualTo(new StudentManifest.Input(List.of("input_ids"), 32, false, 0));
    try (Classifier exported = Classifier.open(target())) {
      assertThat(exported.labels()).isEqualTo(LABELS);
    }
  }

  @Test
  void pairsAreOneBagOfTokens() throws IOException {
    exporter(new Samples.Pairs(List.of(new TextPair("the cat", "a dog"))))
        .write(target(), Format.FP16);

    try (Classifier exported = Classifier.open(target());
        Embedder embedder = Embedder.open(target())) {
      assertThat(exported.logits("the cat", "a dog"))
          .isEqualTo(exported.logits("the", "cat a dog"));
      assertThat(embedder.dimensions()).isEqualTo(8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStudentWithoutLabelsEmbeds(Format format) throws IOException {
    try (StaticStudent embedder = StaticStudent.over(table, List.of(), false, 1)) {
      ParityReport report =
          new StaticExporter(
                  embedder, Students.TOKENIZER, Map.of("query", "q: "), 32, 1, Students.TEXTS)
              .write(target(), format);

      assertThat(report.maxDifference()).isLessThan(format == Format.FP16 ? 1e-3 : 1e-6);
    }
    StudentManifest manifest = StudentManifest.read(target());
    assertThat(manifest.task()).isEqualTo("embedding");
    assertThat(manifest.input().prompts()).containsExactly(Map.entry("query", "q: "));
    try (Embedder embedder = Embedder.open(target())) {
      assertThat(embedder.embed("the cat")).hasSize(8);
    }
  }

  @Test
  void theFolderHasWhatModel2VecReads() throws IOException {
    exporter(Students.TEXTS).write(target(), Format.FP16);

    try (SafetensorsFile file = SafetensorsFile.open(target().resolve("model.safetensors"))) {
      assertThat(file.names()).contains("embeddings", "head.weight", "head.bias");
      assertThat(file.get("embeddings").shape()).containsExactly(120L, 8L);
    }
    assertThat(target().resolve("config.json")).content().contains("\"model2vec\"");
    assertThat(target().resolve("tokenizer.json")).hasSameBinaryContentAs(Students.TOKENIZER);
  }

  @Test
  void whatDoesNotFitInto16BitsIsNotPutInPlace() throws IOException {
    exporter(Students.TEXTS).write(target(), Format.FP16);
    byte[] before = Files.readAllBytes(target().resolve("model.safetensors"));
    student.vectorsVD().detach().timesInPlace(1e7);

    assertThatThrownBy(() -> exporter(Students.TEXTS).write(target(), Format.FP16))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining("its weights are broken");
    assertThat(target().resolve("model.safetensors")).hasBinaryContent(before);
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith(".export"));
    }
    exporter(Students.TEXTS).write(target(), Format.FP32);
  }

  @Test
  void vectorsThatRoundToSomethingElseAreNotPutInPlace() {
    student.vectorsVD().detach().timesInPlace(1e-8);

    assertThatThrownBy(() -> exporter(Students.TEXTS).write(target(), Format.FP16))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("model.safetensors does not compute what the student computes");
    assertThat(target()).doesNotExist();
  }

  @Test
  void aDivergedStudentIsRefused() {
    student.parameters().get(EncoderNames.HEAD_OUTPUT + ".bias").detach().timesInPlace(0);
    student
        .parameters()
        .get(EncoderNames.HEAD_OUTPUT + ".weight")
        .detach()
        .timesInPlace(Double.NaN);

    assertThatThrownBy(() -> exporter(Students.TEXTS).write(target(), Format.FP32))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("its training diverged");
  }
}
