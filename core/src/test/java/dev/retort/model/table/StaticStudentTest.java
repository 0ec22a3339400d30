package dev.retort.model.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.EncoderNames;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.runtime.Encoding;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StaticStudentTest {

  private static final int VOCABULARY = 20;
  private static final int DIMENSIONS = 6;
  private static final List<String> LABELS = List.of("x", "y", "z");

  /// Tokens 0 to 2 stand around texts.
  private final TokenTable table = table();

  private static TokenTable table() {
    Seed.set(3);
    Tensor keptV1 = Tensors.ones(VOCABULARY, 1);
    keptV1.setRowsInPlace(Tensors.of(new long[] {0, 1, 2}, 3), Tensors.zeros(3, 1));
    return new TokenTable(Tensors.normal(0, 1, VOCABULARY, DIMENSIONS).times(keptV1), keptV1);
  }

  @AfterEach
  void free() {
    table.close();
  }

  private static TextBatch batch(int[]... texts) {
    List<Example> examples =
        Stream.of(texts)
            .map(ids ->
                new Example(
                    Arrays.toString(ids), Optional.empty(), 0, new Place(Path.of("none"), 1)))
            .toList();
    Dataset dataset = new Dataset("train", examples, Labels.of(LABELS));
    return TokenizedDataset.of(
            dataset,
            example -> {
              int[] ids = texts[examples.indexOf(example)];
              return new Encoding(ids, new int[ids.length], false);
            },
            0)
        .batch(IntStream.range(0, texts.length).toArray());
  }

  private double[] vector(int... tokens) {
    float[][] rows = table.vectorsVD().toFloatRows();
    double[] sum = new double[DIMENSIONS];
    for (int token : tokens) {
      Arrays.setAll(sum, i -> sum[i] + rows[token][i]);
    }
    double length = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
    return Arrays.stream(sum).map(x -> x / length).toArray();
  }

  @Test
  void logitsAreAHeadOverTheNormalisedSum() {
    try (Scope _ = Scope.open();
        StaticStudent student = StaticStudent.over(table, LABELS, false, 1)) {
      NetworkOutput output =
          student.forward(
              batch(new int[] {1, 5, 9, 9, 2}, new int[] {1, 7, 2}), ForwardMode.EVALUATE);
      float[] head = student.parameters().get(EncoderNames.HEAD_OUTPUT + ".weight").toFloats();

      double[] first = vector(5, 9, 9);
      double[] second = vector(7);
      double[] expected =
          Stream.of(first, second)
              .flatMapToDouble(text ->
                  IntStream.range(0, 3)
                      .mapToDouble(label ->
                          IntStream.range(0, DIMENSIONS)
                              .mapToDouble(i -> head[label * DIMENSIONS + i] * text[i])
                              .sum()))
              .mapToObj(x -> x)
              .mapToDouble(x -> x)
              .toArray();
      assertThat(output.logitsNV().toDoubles()).containsExactly(expected, within(1e-6));
      assertThat(Arrays.copyOf(output.pooledND().toDoubles(), DIMENSIONS))
          .containsExactly(first, within(1e-6));
    }
  }

  @Test
  void aTextWithoutTokensIsZeroAndHasAFiniteGradient() {
    try (Scope _ = Scope.open();
        StaticStudent student = StaticStudent.over(table, LABELS, true, 1)) {
      NetworkOutput output = student.forward(batch(new int[] {1, 2}), ForwardMode.EVALUATE);
      output.logitsNV().sum().backward();

      assertThat(output.pooledND().toFloats()).containsOnly(0);
      assertThat(student.vectorsVD().grad().toFloats()).containsOnly(0);
    }
  }

  @Test
  void onlyTheTokensOfATextAreMoved() {
    try (Scope _ = Scope.open();
        StaticStudent student = StaticStudent.over(table, LABELS, true, 1)) {
      student
          .forward(batch(new int[] {1, 5, 9, 2}, new int[] {1, 7, 2}), ForwardMode.EVALUATE)
          .logitsNV()
          .select(1, 0)
          .sum()
          .backward();
      float[][] gradient = student.vectorsVD().grad().toFloatRows();

      for (int token = 0; token < VOCABULARY; token++) {
        boolean used = List.of(5, 7, 9).contains(token);
        assertThat(Arrays.equals(gradient[token], new float[DIMENSIONS])).isEqualTo(!used);
      }
    }
  }

  @Test
  void vectorsAreTrainedOnlyIfAskedFor() {
    try (StaticStudent frozen = StaticStudent.over(table, LABELS, false, 1);
        StaticStudent trained = StaticStudent.over(table, LABELS, true, 1);
        StaticStudent twin = trained.twin()) {
      assertThat(frozen.parameters().count()).isEqualTo(3L * DIMENSIONS + 3);
      assertThat(frozen.tables()).isEmpty();
      assertThat(trained.parameters().count()).isEqualTo(3L * DIMENSIONS + 3 + 20 * DIMENSIONS);
      assertThat(trained.tables()).containsExactly(EncoderNames.WORD);
      assertThat(trained.parameters().get(EncoderNames.HEAD_OUTPUT + ".weight").toFloats())
          .containsExactly(
              frozen.parameters().get(EncoderNames.HEAD_OUTPUT + ".weight").toFloats());
      twin.vectorsVD().detach().timesInPlace(2);
      assertThat(trained.vectorsVD().toFloats()).isEqualTo(twin.vectorsVD().toFloats());
      assertThat(frozen.vectorsVD().toFloats()).isEqualTo(table.vectorsVD().toFloats());
    }
  }
}
