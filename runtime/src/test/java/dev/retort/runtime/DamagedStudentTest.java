package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said about a student's folder in which something is missing, damaged or contradictory.
class DamagedStudentTest {
  private static final String AGAIN = "retort export RUN --to onnx";

  @TempDir private Path folder;

  private TinyStudent tiny;

  @BeforeEach
  void write() throws IOException {
    tiny = TinyStudent.ofTexts(folder);
  }

  private AbstractThrowableAssert<?, ?> assertRefused() {
    return assertThatThrownBy(() -> Classifier.open(folder).close())
        .isInstanceOf(StudentException.class)
        .hasMessageContaining(AGAIN);
  }

  private void replaceManifest(StudentManifest.Input input, StudentManifest.Output output)
      throws IOException {
    SequencedMap<String, String> files = new LinkedHashMap<>(StudentManifest.read(folder).files());
    StudentManifest.classification(input, output, files).write(folder);
  }

  @Test
  void aMissingFolder() {
    Path nowhere = folder.resolve("nowhere");

    assertThatThrownBy(() -> Classifier.open(nowhere))
        .isInstanceOf(StudentException.class)
        .hasMessage("There is no folder " + nowhere + ". Make it: " + AGAIN);
  }

  @Test
  void aFolderThatIsNoStudent() throws IOException {
    Files.delete(folder.resolve("retort.json"));

    assertRefused().hasMessageContaining("is not an exported student: no retort.json");
  }

  @Test
  void missingFilesAreAllNamed() throws IOException {
    Files.delete(folder.resolve("model.onnx"));
    Files.delete(folder.resolve("tokenizer.json"));

    assertRefused().hasMessageContaining("lacks [model.onnx, tokenizer.json]");
  }

  @Test
  void aVariantThatWasNotExported() {
    assertThatThrownBy(() ->
            Classifier.open(folder, Classifier.Options.defaults().withModelFile("model-int8.onnx")))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining("has no 'model-int8.onnx'; it has [model.onnx]")
        .hasMessageContaining(AGAIN + " --quantize int8");
  }

  @Test
  void aTruncatedModel() throws IOException {
    Path model = folder.resolve("model.onnx");
    String expected = Sha256.of(model);
    byte[] bytes = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(bytes, bytes.length / 2));

    assertRefused()
        .hasMessageContaining("model.onnx is damaged: expected SHA-256 " + expected)
        .hasMessageContaining("found " + Sha256.of(model));
  }

  @Test
  void oneFlippedBitInTheTokenizer() throws IOException {
    Path tokenizer = folder.resolve("tokenizer.json");
    byte[] bytes = Files.readAllBytes(tokenizer);
    bytes[bytes.length / 2] ^= 1;
    Files.write(tokenizer, bytes);

    assertRefused().hasMessageContaining("tokenizer.json is damaged: expected SHA-256");
  }

  @Test
  void aModelThatOnnxRuntimeRefuses() throws IOException {
    Files.writeString(folder.resolve("model.onnx"), "not a model");
    tiny.rehash();

    assertRefused()
        .hasMessageContaining("model.onnx cannot be loaded: ")
        .hasCauseInstanceOf(OrtException.class);
  }

  @Test
  void aModelWithOtherInputsThanTheManifestSays() throws IOException {
    StudentManifest manifest = StudentManifest.read(folder);
    replaceManifest(
        new StudentManifest.Input(ModelInput.NAMES, TinyStudent.MAX_LENGTH, false, 0),
        manifest.output());

    assertRefused()
        .hasMessageContaining("model.onnx has inputs [input_ids, attention_mask]")
        .hasMessageContaining("retort.json says [input_ids, attention_mask, token_type_ids]");
  }

  @Test
  void aModelWithAnotherNumberOfLabelsThanTheManifestSays() throws IOException {
    StudentManifest manifest = StudentManifest.read(folder);
    replaceManifest(manifest.input(), new StudentManifest.Output(List.of("bad", "good"), 1));

    assertRefused().hasMessageContaining("retort.json says a float tensor [batch, 2]");
  }

  @Test
  void weightsThatAreNotNumbers() throws IOException {
    tiny.weights().biasC()[1] = Float.NaN;
    Files.write(folder.resolve("model.onnx"), TinyOnnx.classifier(tiny.weights()));
    tiny.rehash();

    try (Classifier student = Classifier.open(folder)) {
      assertThatThrownBy(() -> student.classify("good"))
          .isInstanceOf(StudentException.class)
          .hasMessageContaining("model.onnx answered NaN for label 'so-so'");
    }
  }

  @Test
  void aTokenThatTheModelDoesNotKnow() throws IOException {
    TinyWeights narrow = TinyWeights.random(50, TinyStudent.LABELS.size(), false);
    Files.write(folder.resolve("model.onnx"), TinyOnnx.classifier(narrow));
    tiny.rehash();

    try (Classifier student = Classifier.open(folder)) {
      assertThatThrownBy(() -> student.classify("good"))
          .isInstanceOf(StudentException.class)
          .hasMessageContaining("model.onnx failed on a batch: ")
          .hasCauseInstanceOf(OrtException.class);
    }
  }
}
