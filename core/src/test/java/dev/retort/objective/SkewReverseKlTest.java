package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SkewReverseKlTest implements DivergenceContract {

  @Override
  public DivergenceObjective objective() {
    return new SkewReverseKl(2, 0.1);
  }

  @Test
  void tendsToReverseKlWithoutSkew() {
    assertThat(value(new SkewReverseKl(2, 1e-6))).isCloseTo(value(new ReverseKl(2)), within(1e-3));
  }

  private static double value(RowObjective objective) {
    return objective.sum(RowObjectiveContract.rows(RowObjectiveContract.logits(1), 2)).item();
  }
}
