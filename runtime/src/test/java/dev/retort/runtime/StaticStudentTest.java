package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A folder with a table of token vectors, as embedder and as classifier.
class StaticStudentTest {

  private static final int DIMENSIONS = 5;
  private static final int MAX_LENGTH = 6;
  private static final List<String> LABELS = List.of("bad", "good");
  private static final StudentManifest.Input INPUT =
      new StudentManifest.Input(List.of("input_ids"), MAX_LENGTH, false, 0);

  @TempDir private Path folder;

  private final float[][] table = random(TinyStudent.VOCABULARY, 1);
  private final float[][] weight = random(LABELS.size(), 2);
  private final float[] bias = {0.5f, -0.25f};

  private static float[][] random(int rows, long seed) {
    Random random = new Random(seed);
    float[][] matrix = new float[rows][DIMENSIONS];
    for (float[] row : matrix) {
      for (int i = 0; i < row.length; i++) {
        // A few bits each, so that 16 bits hold them exactly.
        row[i] = (random.nextInt(64) - 32) / 32f;
      }
    }
    return matrix;
  }

  @BeforeEach
  void silenceSpecialTokens() throws IOException {
    for (int special : new int[] {0, 2, 3}) {
      table[special] = new float[DIMENSIONS];
    }
    TinyStudent.writeTokenizer(folder.resolve("tokenizer.json"));
  }

  private void writeClassifier(boolean half) throws IOException {
    tensors(half).matrix("head.weight", false, weight).vector("head.bias", bias).write(model());
    manifest(StudentManifest.CLASSIFICATION);
  }

  private TinyTensors tensors(boolean half) {
    return new TinyTensors().matrix("embeddings", half, table);
  }

  private Path model() {
    return folder.resolve(StudentManifest.STATIC_FILE);
  }

  private void manifest(String task) throws IOException {
    var files =
        StudentManifest.checksums(
            folder, List.of(StudentManifest.STATIC_FILE, StudentManifest.TOKENIZER_FILE));
    StudentManifest manifest =
        task.equals(StudentManifest.EMBEDDING)
            ? StudentManifest.embedding(INPUT, files)
            : StudentManifest.classification(INPUT, new StudentManifest.Output(LABELS, 1), files);
    manifest.write(folder);
  }

  /// The plain definition, in double precision.
  private double[] vector(int... tokens) {
    double[] sum = new double[DIMENSIONS];
    for (int token : tokens) {
      for (int i = 0; i < DIMENSIONS; i++) {
        sum[i] += table[token][i];
      }
    }
    double norm = Math.sqrt(IntStream.range(0, DIMENSIONS).mapToDouble(i -> sum[i] * sum[i]).sum());
    return IntStream.range(0, DIMENSIONS).mapToDouble(i -> sum[i] / norm).toArray();
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTextIsTheNormalisedSumOfItsTokens(boolean half) throws IOException {
    writeClassifier(half);

    try (Embedder embedder = Embedder.open(folder)) {
      assertThat(embedder.dimensions()).isEqualTo(DIMENSIONS);
      // the movie was great
      assertThat(doubles(embedder.embed("The movie was great")))
          .containsExactly(vector(80, 93, 83, 97), within(1e-6));
      assertThat(doubles(embedder.embed("movie movie great")))
          .containsExactly(vector(93, 93, 97), within(1e-6));
    }
  }

  @Test
  void tokensBeyondTheMaximumLengthAreCut() throws IOException {
    writeClassifier(false);

    try (Embedder embedder = Embedder.open(folder)) {
      assertThat(embedder.embed("the movie was great movie movie"))
          .containsExactly(embedder.embed("the movie was great"));
    }
  }

  @Test
  void aTextWithoutTokensIsZero() throws IOException {
    writeClassifier(false);

    try (Embedder embedder = Embedder.open(folder);
        Classifier classifier = Classifier.open(folder)) {
      assertThat(embedder.embed("")).containsOnly(0);
      assertThat(classifier.logits("")).containsExactly(bias);
    }
  }

  @Test
  void manyTextsAreWhatEachIs() throws IOException {
    writeClassifier(true);
    List<String> texts =
        IntStream.range(0, 300).mapToObj(i -> "great movie ".repeat(i % 4)).toList();

    try (Embedder embedder = Embedder.open(folder);
        Classifier classifier = Classifier.open(folder)) {
      assertThat(embedder.embedAll(texts))
          .usingRecursiveComparison()
          .isEqualTo(texts.stream().map(embedder::embed).toList());
      assertThat(classifier.logitsAll(texts))
          .usingRecursiveComparison()
          .isEqualTo(texts.stream().map(classifier::logits).toList());
    }
  }

  @Test
  void aClassifierIsOpenedLikeAnyOther() throws IOException {
    writeClassifier(true);
    double[] vector = vector(80, 93);

    try (Classifier classifier = Classifier.open(folder)) {
      double[] expected =
          IntStream.range(0, LABELS.size())
              .mapToDouble(label ->
                  bias[label]
                      + IntStream.range(0, DIMENSIONS)
                          .mapToDouble(i -> weight[label][i] * vector[i])
                          .sum())
              .toArray();
      assertThat(doubles(classifier.logits("the movie"))).containsExactly(expected, within(1e-6));
      assertThat(classifier.labels()).isEqualTo(LABELS);
      assertThat(classifier.classify("the movie").label())
          .isEqualTo(LABELS.get(expected[0] >= expected[1] ? 0 : 1));
    }
  }

  @Test
  void anotherFileThanTheTableIsRefused() throws IOException {
    writeClassifier(true);

    assertThatThrownBy(() ->
            Classifier.open(folder, Classifier.Options.defaults().withModelFile("model.onnx")))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining("has no 'model.onnx'; it has [model.safetensors]");
  }

  @Test
  void aStudentThatOnlyEmbedsDoesNotClassify() throws IOException {
    tensors(true).write(model());
    manifest(StudentManifest.EMBEDDING);

    try (Embedder embedder = Embedder.open(folder)) {
      assertThat(doubles(embedder.embed("movie"))).containsExactly(vector(93), within(1e-6));
    }
    assertThatThrownBy(() -> Classifier.open(folder))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining(folder + " holds a model for embedding, not for classification");
  }

  @Test
  void aClassifierInAnOnnxFileDoesNotEmbed(@TempDir Path other) throws IOException {
    TinyStudent.ofTexts(other);

    assertThatThrownBy(() -> Embedder.open(other))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining(
            other
                + " holds a model for classification, not for embedding: open it with Classifier");
  }

  @Test
  void aClosedStudentSaysSo() throws IOException {
    writeClassifier(true);
    Embedder embedder = Embedder.open(folder);
    embedder.close();
    embedder.close();

    assertThat(embedder.dimensions()).isEqualTo(DIMENSIONS);
    assertThatThrownBy(() -> embedder.embed("movie"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This student is closed");
  }

  private void assertRefused(String problem) throws IOException {
    manifest(StudentManifest.CLASSIFICATION);

    assertThatThrownBy(() -> Classifier.open(folder))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining(model().toString())
        .hasMessageContaining(problem)
        .hasMessageContaining("retort export RUN");
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    writeClassifier(true);
    byte[] bytes = Files.readAllBytes(model());
    bytes[bytes.length - 1] ^= 1;
    Files.write(model(), bytes);

    assertThatThrownBy(() -> Embedder.open(folder))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining(model() + " is damaged: expected SHA-256");
  }

  @Test
  void aFileThatIsNoSafetensorsIsRefused() throws IOException {
    Files.write(model(), new byte[] {1, 2, 3});
    assertRefused("its header is cut short");
    Files.write(model(), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '<'});
    assertRefused("its header is not JSON");
  }

  @Test
  void aTableThatIsMissingOrCutIsRefused() throws IOException {
    new TinyTensors().vector("other", 1).write(model());
    assertRefused("it has no matrix 'embeddings' of type F32 or F16");
    tensors(true).write(model());
    byte[] bytes = Files.readAllBytes(model());
    Files.write(model(), Arrays.copyOf(bytes, bytes.length - 2));
    assertRefused("'embeddings' does not fit into it");
  }

  @Test
  void aTableOfAnotherTokenizerIsRefused() throws IOException {
    new TinyTensors().matrix("embeddings", true, random(7, 3)).write(model());
    assertRefused("vectors for 7 tokens, but the tokenizer has 120");
  }

  @Test
  void aHeadOfAnotherSizeIsRefused() throws IOException {
    tensors(true)
        .matrix("head.weight", false, random(3, 4))
        .vector("head.bias", bias)
        .write(model());
    assertRefused("a head of 3 x 5 and 2 biases over vectors of 5, but retort.json has 2 labels");
    tensors(true).write(model());
    assertRefused("no head, but retort.json has 2 labels");
  }

  @Test
  void brokenWeightsAreNotAnswered() throws IOException {
    bias[1] = Float.NaN;
    writeClassifier(true);

    try (Classifier classifier = Classifier.open(folder)) {
      assertThatThrownBy(() -> classifier.classify("movie"))
          .isInstanceOf(StudentException.class)
          .hasMessageContaining("answered NaN: its weights are broken");
    }
  }
}
