package dev.retort.model.table;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.LinearAlgebra;
import dev.retort.tensor.Tensor;

/// The directions in which rows differ most (Pearson 1901): eigenvectors of their covariance.
///
/// @param mean1D the mean of the rows, `[1, D]`
/// @param componentsDK the directions, greatest variance first, of length 1 each, `[D, K]`
public record PrincipalComponents(Tensor mean1D, Tensor componentsDK) {

  /// The first `count` components of `rowsND`; the tensors live in the open scope.
  ///
  /// An eigenvector may point either way. Here the element of greatest size is positive, so that
  /// equal rows have equal components on every machine.
  ///
  /// @throws IllegalArgumentException if there are fewer than `count` columns, or not more rows
  public static PrincipalComponents of(Tensor rowsND, int count) {
    long rows = rowsND.size(0);
    long width = rowsND.size(1);
    if (count < 1 || count > width || rows <= count) {
      throw new IllegalArgumentException(
          "%d principal components of %d rows of %d numbers: there are at most %d"
              .formatted(count, rows, width, Math.min(width, rows - 1)));
    }
    Tensor mean1D = rowsND.mean(0, true);
    Tensor centredND = rowsND.minus(mean1D);
    Tensor covarianceDD =
        centredND.transpose(0, 1).matmul(centredND).times(1.0 / (rows - 1)).to(DType.FLOAT64);
    LinearAlgebra.Eigen eigen = LinearAlgebra.symmetricEigen(covarianceDD);
    Tensor greatestFirst = Functions.orderDescending(eigen.valuesN(), 0).narrow(0, 0, count);
    Tensor componentsDK = upright(eigen.vectorsNN().indexSelect(1, greatestFirst));
    return new PrincipalComponents(mean1D, componentsDK.to(rowsND.dtype()));
  }

  private static Tensor upright(Tensor columnsDK) {
    Tensor largest1K = columnsDK.absolute().argMax(0).unsqueeze(0);
    return columnsDK.times(columnsDK.gather(0, largest1K).sign());
  }

  /// The coordinates of `rowsND` along the components, `[N, K]`.
  public Tensor project(Tensor rowsND) {
    return rowsND.minus(mean1D).matmul(componentsDK);
  }
}
