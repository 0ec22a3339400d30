package dev.retort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.eval.Measured;
import org.junit.jupiter.api.Test;

class SeedIntervalTest {

  /// Values of `scipy.stats.t.interval(0.95, 4, 3, scipy.stats.sem([1, 2, 3, 4, 5]))`.
  @Test
  void theIntervalIsStudents() {
    Measured interval = SeedInterval.of(1, 2, 3, 4, 5);

    assertThat(interval.value()).isEqualTo(3);
    assertThat(interval.low()).isCloseTo(1.0367568385, within(5e-4));
    assertThat(interval.high()).isCloseTo(4.9632431615, within(5e-4));
  }

  @Test
  void oneSeedBoundsNothing() {
    assertThat(SeedInterval.of(0.5))
        .isEqualTo(new Measured(0.5, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1));
  }

  @Test
  void elevenSeedsAreRefused() {
    assertThatThrownBy(() -> SeedInterval.of(new double[11])).hasMessageContaining("11 seeds");
  }
}
