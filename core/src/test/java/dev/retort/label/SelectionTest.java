package dev.retort.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

  /// Sure; torn between two; torn between three, with a clear first; sure of what is often wrong.
  private static final Selection.Pool POOL =
      new Selection.Pool(
          new double[][] {
            {0.98, 0.01, 0.01}, {0.49, 0.50, 0.01}, {0.24, 0.26, 0.50}, {0.0, 0.02, 0.98}
          },
          new double[] {0.1, 0.2, 0.9});

  private static final int DRAWS = 4000;

  /// How often each row is drawn first, against its share of what all are worth.
  @ParameterizedTest
  @CsvSource({
    "MARGIN, 0.03, 0.99, 0.76, 0.04",
    "ENTROPY, 0.1119, 0.7422, 1.0393, 0.0980",
    "ERRORS, 0.109, 0.158, 0.526, 0.886"
  })
  void aTextIsDrawnInProportionToItsWorth(
      Selection selection, double first, double second, double third, double fourth) {
    double[] worth = {first, second, third, fourth};
    int[] drawn = new int[worth.length];
    for (long seed = 0; seed < DRAWS; seed++) {
      drawn[selection.choose(POOL, 1, seed * 7919).getFirst()]++;
    }
    double all = Arrays.stream(worth).sum();
    for (int row = 0; row < worth.length; row++) {
      assertThat(drawn[row] / (double) DRAWS).isCloseTo(worth[row] / all, within(0.03));
    }
  }

  @Test
  void whatIsWorthNothingIsDrawnLast() {
    Selection.Pool pool =
        new Selection.Pool(new double[][] {{1, 0}, {0.5, 0.5}, {1, 0}}, new double[] {0, 1});
    for (long seed = 0; seed < 20; seed++) {
      assertThat(Selection.ERRORS.choose(pool, 3, seed)).first().isEqualTo(1);
    }
  }

  @Test
  void randomIsDecidedByTheSeedAlone() {
    List<Integer> some = Selection.RANDOM.choose(POOL, 3, 5);
    assertThat(some).hasSize(3).doesNotHaveDuplicates();
    assertThat(Selection.RANDOM.choose(POOL, 3, 5)).isEqualTo(some);
    assertThat(List.of(1L, 2L, 3L, 4L, 6L, 7L))
        .anySatisfy(seed -> assertThat(Selection.RANDOM.choose(POOL, 3, seed)).isNotEqualTo(some));
  }

  @Test
  void aSmallPoolIsTakenWhole() {
    for (Selection selection : Selection.values()) {
      assertThat(selection.choose(POOL, 9, 1)).containsExactlyInAnyOrder(0, 1, 2, 3);
    }
  }
}
