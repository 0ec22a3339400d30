package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LinearAlgebraTest {

  @Test
  void theEigenvectorsPutTheMatrixTogetherAgain() {
    try (Scope _ = Scope.open()) {
      double[] values = {4, 1, -2, 1, 3, 0.5, -2, 0.5, 1};
      Tensor symmetricNN = Tensors.of(values, 3, 3);

      LinearAlgebra.Eigen eigen = LinearAlgebra.symmetricEigen(symmetricNN);

      Tensor scaledNN = eigen.vectorsNN().times(eigen.valuesN());
      assertThat(scaledNN.matmul(eigen.vectorsNN().transpose(0, 1)).toDoubles())
          .containsExactly(values, within(1e-12));
      assertThat(eigen.valuesN().toDoubles()).isSorted();
      assertThat(eigen.valuesN().sum().item()).isCloseTo(8, within(1e-12));
    }
  }
}
