package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SkewKlTest implements DivergenceContract {

  @Override
  public DivergenceObjective objective() {
    return new SkewKl(2, 0.1);
  }

  @Test
  void tendsToForwardKlWithoutSkew() {
    assertThat(value(new SkewKl(2, 1e-6))).isCloseTo(value(new ForwardKl(2)), within(1e-3));
  }

  private static double value(RowObjective objective) {
    return objective.sum(RowObjectiveContract.rows(RowObjectiveContract.logits(1), 2)).item();
  }
}
