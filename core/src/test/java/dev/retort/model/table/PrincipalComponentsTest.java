package dev.retort.model.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.tensor.DType;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {

  private static Tensor rows(int count, int width) {
    Seed.set(5);
    Tensor mixingDD = Tensors.normal(0, 1, width, width);
    return Tensors.normal(0, 1, count, width).matmul(mixingDD).plus(3).to(DType.FLOAT64);
  }

  @Test
  void pointsOnALineHaveItsDirection() {
    try (Scope _ = Scope.open()) {
      // Around (1, 2), along (3, 4) / 5.
      Tensor pointsN2 = Tensors.of(new double[] {-2, -2, 1, 2, 4, 6, 7, 10, -5, -6}, 5, 2);

      PrincipalComponents components = PrincipalComponents.of(pointsN2, 1);

      assertThat(components.mean1D().toDoubles()).containsExactly(1, 2);
      assertThat(components.componentsDK().toDoubles())
          .containsExactly(new double[] {0.6, 0.8}, within(1e-9));
      assertThat(components.project(pointsN2).toDoubles())
          .containsExactly(new double[] {-5, 0, 5, 10, -10}, within(1e-9));
    }
  }

  @Test
  void coordinatesAreCentredUncorrelatedAndOfFallingVariance() {
    try (Scope _ = Scope.open()) {
      Tensor reducedNK = PrincipalComponents.of(rows(200, 6), 4).project(rows(200, 6));

      double[] covariance = reducedNK.transpose(0, 1).matmul(reducedNK).toDoubles();
      assertThat(reducedNK.mean(0, false).toDoubles()).containsExactly(new double[4], within(1e-6));
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          if (i != j) {
            assertThat(covariance[4 * i + j]).isCloseTo(0, within(1e-5 * covariance[0]));
          }
        }
        assertThat(i == 0 || covariance[5 * i] < covariance[5 * (i - 1)]).isTrue();
      }
    }
  }

  @Test
  void allComponentsTogetherOnlyTurnTheRows() {
    try (Scope _ = Scope.open()) {
      Tensor rowsND = rows(50, 5);
      PrincipalComponents components = PrincipalComponents.of(rowsND, 5);

      Tensor backND =
          components
              .project(rowsND)
              .matmul(components.componentsDK().transpose(0, 1))
              .plus(components.mean1D());

      assertThat(backND.toDoubles()).containsExactly(rowsND.toDoubles(), within(1e-6));
    }
  }

  @Test
  void theLargestElementOfAComponentIsPositive() {
    try (Scope _ = Scope.open()) {
      for (float[] component :
          PrincipalComponents.of(rows(50, 5), 3).componentsDK().transpose(0, 1).toFloatRows()) {
        float largest = 0;
        for (float element : component) {
          largest = Math.abs(element) > Math.abs(largest) ? element : largest;
        }
        assertThat(largest).isPositive();
      }
    }
  }

  @Test
  void moreComponentsThanThereAreAreRefused() {
    try (Scope _ = Scope.open()) {
      assertThatThrownBy(() -> PrincipalComponents.of(rows(5, 8), 5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("5 principal components of 5 rows of 8 numbers: there are at most 4");
    }
  }
}
