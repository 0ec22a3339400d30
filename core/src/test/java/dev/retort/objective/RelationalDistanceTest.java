package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import org.junit.jupiter.api.Test;

class RelationalDistanceTest implements FeatureObjectiveContract {

  @Override
  public FeatureObjective objective() {
    return new RelationalDistance();
  }

  /// Distances are over their mean: a student that is a larger picture of the teacher is right.
  @Test
  void scaleDoesNotMatter() {
    Tensor x = Tensors.normal(0, 1, 5, 3).to(DType.FLOAT64);

    assertThat(RelationalDistance.mean(x.times(3), x).item()).isCloseTo(0, within(1e-12));
  }
}
