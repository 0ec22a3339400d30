package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawsTest {

  private static final int ROWS = 200;

  /// The definition, in 64 bits: sorted where some of the outcomes count only, added up one by one.
  @ParameterizedTest
  @CsvSource({
    "7, 1, 1",
    "1024, 0.7, 1",
    "5000, 1, 1",
    "7, 1, 0.6",
    "3000, 1.3, 0.9",
    "5000, 1, 0.01"
  })
  void whatIsDrawnIsWhereTheSumPassesTheNumber(int width, double temperature, double topP) {
    Random random = new Random(width);
    float[][] logits = new float[ROWS][width];
    for (float[] row : logits) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian() * 3;
      }
    }
    double[] numbers = random.doubles(ROWS).toArray();
    try (Scope _ = Scope.open()) {
      int[] drawn = Draws.of(Tensors.of(logits), temperature, topP, numbers);

      for (int row = 0; row < ROWS; row++) {
        assertThat(plainly(logits[row], temperature, topP, numbers[row]))
            .as("row %d", row)
            .contains(drawn[row]);
      }
      // More than one outcome is drawn, unless the likeliest is all that counts.
      assertThat(Arrays.stream(drawn).distinct().count()).isGreaterThan(2);
    }
  }

  /// What is drawn at the number and, as rounding has it, at numbers next to it.
  private static List<Integer> plainly(
      float[] logits, double temperature, double topP, double number) {
    double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double[] p = new double[logits.length];
    Arrays.setAll(p, i -> Math.exp((logits[i] - max) / temperature));
    double total = Arrays.stream(p).sum();
    List<Integer> order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(topP < 1 ? Comparator.comparingDouble(i -> -p[i]) : Comparator.naturalOrder())
            .toList();
    int kept = 0;
    double sum = 0;
    while (kept < p.length && sum / total < topP) {
      sum += p[order.get(kept++)];
    }
    double bound = number * sum;
    double slack = 1e-5 * sum;
    double upTo = 0;
    IntStream.Builder passing = IntStream.builder();
    for (int outcome : order.subList(0, kept)) {
      if (upTo <= bound + slack && upTo + p[outcome] >= bound - slack) {
        passing.add(outcome);
      }
      upTo += p[outcome];
    }
    return passing.build().boxed().toList();
  }

  @Test
  void aRowIsDrawnWhateverTheOthersAre() {
    float[] row = {1, 2, 3, 2, 1};
    float[] other = {9, 0, 0, 0, 0};
    try (Scope _ = Scope.open()) {
      int alone = Draws.of(Tensors.of(new float[][] {row}), 1, 1, new double[] {0.8})[0];
      int beside =
          Draws.of(Tensors.of(new float[][] {other, row}), 1, 1, new double[] {0.1, 0.8})[1];

      assertThat(beside).isEqualTo(alone).isEqualTo(3);
    }
  }

  /// Rounding must not lead past the last outcome, nor before the first.
  @Test
  void theEndsAreDrawnAtTheEnds() {
    float[][] even = new float[2][1030];
    try (Scope _ = Scope.open()) {
      assertThat(Draws.of(Tensors.of(even), 1, 1, new double[] {0, Math.nextDown(1.0)}))
          .containsExactly(0, 1029);
    }
  }

  /// A view with gaps between its elements is read as well.
  @Test
  void logitsNeedNotLieTogether() {
    try (Scope _ = Scope.open()) {
      Tensor logits = Tensors.of(new float[][] {{0, 50}, {50, 0}, {0, 0}}).transpose(0, 1);

      assertThat(Draws.of(logits, 1, 1, new double[] {0.5, 0.5})).containsExactly(1, 0);
    }
  }
}
