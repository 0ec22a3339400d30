package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import org.junit.jupiter.api.Test;

class RelationalAngleTest implements FeatureObjectiveContract {

  @Override
  public FeatureObjective objective() {
    return new RelationalAngle();
  }

  /// A right angle against a straight line, by hand.
  @Test
  void comparesTheAnglesOfTriples() {
    Tensor right = Tensors.of(new double[] {1, 0, 0, 0, 0, 1}, 3, 2);
    Tensor straight = Tensors.of(new double[] {1, 0, 0, 0, -1, 0}, 3, 2);
    // Cosines at each corner: 1/sqrt(2), 0, 1/sqrt(2) against 1, -1, 1, each counted twice.
    double side = 1 - Math.sqrt(0.5);
    double expected = (0.5 * side * side + 0.5 + 0.5 * side * side) / 3;

    assertThat(RelationalAngle.mean(right, straight).item()).isCloseTo(expected, within(1e-12));
  }
}
