package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {
  private static final Offset<Float> TOLERANCE = within(1e-5f);
  private static final List<String> TEXTS =
      List.of(
          "The movie was great!",
          "",
          "slow",
          "this is NOT a good film, it was very slow. ".repeat(3),
          "unhappy walking, played helpful hello-world");

  @TempDir private Path folder;

  private Encoding encode(String text) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"))) {
      return tokenizer.encode(text, TinyStudent.MAX_LENGTH);
    }
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int label = 0; label < expected.length; label++) {
      assertThat(found[label]).isCloseTo(expected[label], TOLERANCE);
    }
  }

  @Test
  void logitsAreThoseOfTheWeights() throws IOException {
    TinyStudent tiny = TinyStudent.ofTexts(folder);
    try (Classifier student = Classifier.open(folder)) {
      for (String text : TEXTS) {
        assertClose(student.logits(text), tiny.weights().logits(encode(text)));
      }
    }
  }

  @Test
  void longTextsAreCutToTheMaximumLength() throws IOException {
    TinyStudent.ofTexts(folder);
    String ten = "good film ".repeat(5);
    try (Classifier student = Classifier.open(folder)) {
      assertThat(encode(ten).length()).isEqualTo(TinyStudent.MAX_LENGTH);
      assertThat(student.logits(ten + "slow and unhappy")).isEqualTo(student.logits(ten));
    }
  }

  @Test
  void batchesEqualSingleCallsInTheOrderGiven() throws IOException {
    TinyStudent.ofTexts(folder);
    try (Classifier student =
        Classifier.open(folder, Classifier.Options.defaults().withMaxBatchTokens(20))) {
      List<float[]> batched = student.logitsAll(TEXTS);

      assertThat(batched).hasSameSizeAs(TEXTS);
      for (int i = 0; i < TEXTS.size(); i++) {
        assertClose(batched.get(i), student.logits(TEXTS.get(i)));
      }
      assertThat(student.classifyAll(TEXTS).stream().map(Prediction::label))
          .containsExactlyElementsOf(
              TEXTS.stream().map(text -> student.classify(text).label()).toList());
    }
  }

  @Test
  void paddingOfABatchDoesNotChangeTheLogits() throws IOException {
    TinyStudent.ofTexts(folder);
    try (Classifier student =
        Classifier.open(folder, Classifier.Options.defaults().withMaxBatchTokens(1000))) {
      assertClose(
          student.logitsAll(List.of("slow", "The movie was great!")).getFirst(),
          student.logits("slow"));
    }
  }

  @Test
  void nothingToClassifyGivesNothing() throws IOException {
    TinyStudent.ofTexts(folder);
    try (Classifier student = Classifier.open(folder)) {
      assertThat(student.classifyAll(List.of())).isEmpty();
    }
  }

  @Test
  void predictionsAreTheSoftmaxOfTheCalibratedLogits() throws IOException {
    TinyStudent.write(folder, false, 2.5);
    try (Classifier student = Classifier.open(folder)) {
      assertThat(student.labels()).isEqualTo(TinyStudent.LABELS);
      assertThat(student.classify("good"))
          .isEqualTo(Prediction.of(TinyStudent.LABELS, student.logits("good"), 2.5));
    }
  }

  @Test
  void pairsReachTheModelWithTheirSegments() throws IOException {
    TinyStudent tiny = TinyStudent.ofPairs(folder);
    try (Classifier student = Classifier.open(folder);
        Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"))) {
      Encoding encoding = tokenizer.encode("good", "slow film", TinyStudent.MAX_LENGTH);

      assertClose(student.logits("good", "slow film"), tiny.weights().logits(encoding));
      assertThat(student.logits("slow film", "good"))
          .isNotEqualTo(student.logits("good", "slow film"));
    }
  }

  @Test
  void manyPairsEqualSingleCallsInTheOrderGiven() throws IOException {
    TinyStudent.ofPairs(folder);
    List<TextPair> pairs = TEXTS.stream().map(text -> new TextPair(text, "slow film")).toList();
    try (Classifier student = Classifier.open(folder)) {
      List<float[]> batched = student.logitsPairs(pairs);
      for (int i = 0; i < pairs.size(); i++) {
        assertClose(batched.get(i), student.logits(pairs.get(i).first(), pairs.get(i).second()));
      }
      assertThat(student.classifyPairs(pairs).get(2).label())
          .isEqualTo(student.classify("slow", "slow film").label());
    }
  }

  @Test
  void oneTextIsRefusedByAStudentOfPairs() throws IOException {
    TinyStudent.ofPairs(folder);
    try (Classifier student = Classifier.open(folder)) {
      assertThatThrownBy(() -> student.classify("good"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("judges pairs of texts");
      assertThatThrownBy(() -> student.classifyAll(List.of("good")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aPairIsRefusedByAStudentOfTexts() throws IOException {
    TinyStudent.ofTexts(folder);
    try (Classifier student = Classifier.open(folder)) {
      assertThatThrownBy(() -> student.classify("good", "film"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("judges single texts");
      assertThatThrownBy(() -> student.classifyPairs(List.of(new TextPair("good", "film"))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void eightThreadsGetTheSequentialResults() throws Exception {
    TinyStudent.ofTexts(folder);
    try (Classifier student = Classifier.open(folder)) {
      List<float[]> sequential = TEXTS.stream().map(student::logits).toList();
      Callable<List<float[]>> fiftyCalls =
          () ->
              IntStream.range(0, 50)
                  .mapToObj(call -> student.logits(TEXTS.get(call % TEXTS.size())))
                  .toList();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<List<float[]>> results :
            threads.invokeAll(Collections.nCopies(8, fiftyCalls))) {
          for (int call = 0; call < 50; call++) {
            assertThat(results.get().get(call)).isEqualTo(sequential.get(call % TEXTS.size()));
          }
        }
      }
    }
  }

  @Test
  void spinningThreadsComputeTheSame() throws IOException {
    TinyStudent.ofTexts(folder);
    Classifier.Options spinning = Classifier.Options.defaults().withThreads(2).withSpinning(true);
    try (Classifier student = Classifier.open(folder);
        Classifier spinner = Classifier.open(folder, spinning)) {
      assertClose(spinner.logits("good film"), student.logits("good film"));
    }
  }

  @Test
  void aClosedStudentSaysSo() throws IOException {
    TinyStudent.ofTexts(folder);
    Classifier student = Classifier.open(folder);
    student.close();
    student.close();

    assertThatThrownBy(() -> student.classify("good"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This student is closed");
    assertThatThrownBy(() -> student.classifyAll(List.of("good")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void optionsAreChecked() {
    Classifier.Options defaults = Classifier.Options.defaults();

    assertThat(
            defaults
                .withThreads(3)
                .withSpinning(true)
                .withModelFile("m.onnx")
                .withMaxBatchTokens(9))
        .isEqualTo(new Classifier.Options(3, true, Optional.of("m.onnx"), 9));
    assertThatThrownBy(() -> defaults.withThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads: 0 must be at least 1");
    assertThatThrownBy(() -> defaults.withMaxBatchTokens(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBatchTokens: 0 must be at least 1");
  }
}
