package dev.retort.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {

  /// Sure; torn between two; torn between three, with a clear first; sure of what is often wrong.
  private static final Selection.Pool POOL =
      new Selection.Pool(
          new double[][] {
            {0.98, 0.01, 0.01}, {0.49, 0.50, 0.01}, {0.24, 0.26, 0.50}, {0.0, 0.02, 0.98}
          },
          new double[] {0.1, 0.2, 0.9});

  @Test
  void marginTakesThoseTornBetweenTwo() {
    assertThat(Selection.MARGIN.choose(POOL, 2, 1)).containsExactly(1, 2);
  }

  @Test
  void entropyTakesThoseLeastKnown() {
    assertThat(Selection.ENTROPY.choose(POOL, 2, 1)).containsExactly(2, 1);
  }

  @Test
  void errorsTakesThoseLikeWhatIsOftenWrong() {
    assertThat(Selection.ERRORS.choose(POOL, 3, 1)).containsExactly(3, 2, 1);
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
