package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TotalVariationTest implements DivergenceContract {

  @Override
  public DivergenceObjective objective() {
    return new TotalVariation(2);
  }

  @Test
  void isAtMostOneForEachRow() {
    double[] student = {100, 0, 0, 0, 0};
    double[] teacher = {0, 100, 0, 0, 0};
    Rows rows = RowObjectiveContract.rows(student, teacher, new long[] {0});

    assertThat(new TotalVariation(1).sum(rows).item()).isCloseTo(1, within(1e-12));
  }
}
