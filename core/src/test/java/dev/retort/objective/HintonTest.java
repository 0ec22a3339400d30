package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HintonTest implements RowObjectiveContract {

  @Override
  public RowObjective objective() {
    return new Hinton(3, 0.7);
  }

  @Test
  void aRowWithoutALabelLearnsFromTheTeacherOnly() {
    double[] student = RowObjectiveContract.logits(1);
    double[] teacher = RowObjectiveContract.logits(2);
    long[] none = {-1, -1, -1, -1};
    double soft = new ForwardKl(3).sum(RowObjectiveContract.rows(student, teacher, none)).item();

    assertThat(objective().sum(RowObjectiveContract.rows(student, teacher, none)).item())
        .isCloseTo(0.7 * soft, within(1e-10));
    assertThat(objective().count(new int[] {0, -1})).isEqualTo(2);
  }
}
