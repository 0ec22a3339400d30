package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class JensenShannonTest implements DivergenceContract {

  @Override
  public DivergenceObjective objective() {
    return new JensenShannon(2, 0.3);
  }

  @Test
  void tendsToTheTwoDirectionsAtTheEnds() {
    assertThat(value(new JensenShannon(2, 1e-6)) / 1e-6)
        .isCloseTo(value(new ForwardKl(2)), within(1e-3));
    assertThat(value(new JensenShannon(2, 1 - 1e-6)) / 1e-6)
        .isCloseTo(value(new ReverseKl(2)), within(1e-3));
  }

  @Test
  void refusesAMixtureOfOneSideOnly() {
    assertThatThrownBy(() -> new JensenShannon(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("beta must be");
  }

  private static double value(RowObjective objective) {
    return objective.sum(RowObjectiveContract.rows(RowObjectiveContract.logits(1), 2)).item();
  }
}
