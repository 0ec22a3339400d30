package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveKlTest implements DivergenceContract {

  @Override
  public DivergenceObjective objective() {
    return new AdaptiveKl(2, 0.5);
  }

  /// No gradient flows through the weights of the two directions: differences are taken with the
  /// weights as they are at the point.
  @Override
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  public void gradientMatchesFiniteDifferences(long seed) {
    double[] student = Arrays.copyOf(RowObjectiveContract.logits(seed), V);
    double[] teacher = Arrays.copyOf(RowObjectiveContract.logits(seed + 100), V);
    double forward = value(new ForwardKl(2), student, teacher);
    double reverse = value(new ReverseKl(2), student, teacher);
    double share = (value(objective(), student, teacher) - reverse) / (forward - reverse);
    double[] gradient =
        objective()
            .lossAndGradient(RowObjectiveContract.rows(student, teacher, new long[1]))
            .gradientNV()
            .toDoubles();
    double h = 1e-5;
    for (int i = 0; i < V; i++) {
      double[] up = student.clone();
      up[i] += h;
      double[] down = student.clone();
      down[i] -= h;
      double ofForward =
          value(new ForwardKl(2), up, teacher) - value(new ForwardKl(2), down, teacher);
      double ofReverse =
          value(new ReverseKl(2), up, teacher) - value(new ReverseKl(2), down, teacher);
      double numeric = (share * ofForward + (1 - share) * ofReverse) / (2 * h);
      assertThat(gradient[i]).as("d/dlogit[%d]", i).isCloseTo(numeric, within(1e-6));
    }
  }

  private static double value(RowObjective objective, double[] student, double[] teacher) {
    return objective.sum(RowObjectiveContract.rows(student, teacher, new long[1])).item();
  }

  @Test
  void liesBetweenTheTwoDirections() {
    double forward = value(new ForwardKl(2));
    double reverse = value(new ReverseKl(2));

    assertThat(value(objective()))
        .isBetween(Math.min(forward, reverse), Math.max(forward, reverse));
  }

  /// A head of all entries leaves nothing to the tail.
  @Test
  void aHeadOfEverythingIsForwardKl() {
    assertThat(value(new AdaptiveKl(2, 1 - 1e-6))).isCloseTo(value(new ForwardKl(2)), within(0.4));
  }

  private static double value(RowObjective objective) {
    return objective.sum(RowObjectiveContract.rows(RowObjectiveContract.logits(1), 2)).item();
  }
}
