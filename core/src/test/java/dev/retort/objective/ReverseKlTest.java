package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReverseKlTest implements DivergenceContract {

  @Override
  public DivergenceObjective objective() {
    return new ReverseKl(2);
  }

  /// The directions differ: swapped sides turn one into the other.
  @Test
  void isForwardKlWithTheSidesSwapped() {
    double[] one = RowObjectiveContract.logits(1);
    double[] other = RowObjectiveContract.logits(2);
    long[] labels = RowObjectiveContract.labels();
    double forward = new ForwardKl(2).sum(RowObjectiveContract.rows(one, other, labels)).item();

    assertThat(objective().sum(RowObjectiveContract.rows(other, one, labels)).item())
        .isCloseTo(forward, within(1e-10));
    assertThat(objective().sum(RowObjectiveContract.rows(one, other, labels)).item())
        .isNotCloseTo(forward, within(1e-3));
  }
}
