package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CrossEntropyTest implements RowObjectiveContract {

  @Override
  public RowObjective objective() {
    return new CrossEntropy(0);
  }

  @Nested
  class Smoothed implements RowObjectiveContract {
    @Override
    public RowObjective objective() {
      return new CrossEntropy(0.1);
    }
  }

  /// Two equal logits: −log ½.
  @Test
  void isTheLogOfTheLabelsProbability() {
    double[] logits = {0, 0, -1000, -1000, -1000};

    assertThat(value(RowObjectiveContract.rows(logits, logits, new long[] {1})))
        .isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void rowsWithoutALabelCountNothing() {
    Rows rows =
        RowObjectiveContract.rows(
            RowObjectiveContract.logits(1),
            RowObjectiveContract.logits(2),
            new long[] {-1, 3, -1, -1});
    double[] gradient = objective().lossAndGradient(rows).gradientNV().toDoubles();

    assertThat(objective().count(new int[] {-1, 3, -1, -1})).isEqualTo(1);
    assertThat(gradient).startsWith(0, 0, 0, 0, 0).endsWith(0, 0, 0, 0, 0);
    assertThat(gradient[V + 3]).isNegative();
  }

  @Test
  void refusesFullSmoothing() {
    assertThatThrownBy(() -> new CrossEntropy(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("labelSmoothing must be in");
  }
}
