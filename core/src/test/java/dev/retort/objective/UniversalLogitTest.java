package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.signal.Distribution;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UniversalLogitTest implements RowObjectiveContract {

  @Override
  public RowObjective objective() {
    return new UniversalLogit(2);
  }

  /// It does not know which outcome is which.
  @Test
  void theOrderOfTheOutcomesDoesNotMatter() {
    double[] student = {3, 1, 0, -1, 2};
    double[] teacher = {-1, 2, 3, 0, 1};

    assertThat(value(RowObjectiveContract.rows(student, teacher, new long[] {0})))
        .isCloseTo(0, within(1e-12));
  }

  /// One certain outcome against two equal ones: |1 − ½| + |0 − ½|.
  @Test
  void vocabulariesMayDiffer() {
    Tensor student = Tensors.of(new double[] {0, 0}, 1, 2);
    Tensor teacher = Tensors.of(new double[] {-1000, 0, -1000, -1000}, 1, 4);
    Rows rows =
        new Rows(
            student, Optional.of(new Distribution.Dense(teacher)), Tensors.of(new long[] {0}, 1));

    assertThat(new UniversalLogit(1).sum(rows).item()).isCloseTo(1, within(1e-12));
  }
}
