package dev.retort.tensor;

import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;

/// Decompositions of matrices.
public final class LinearAlgebra {

  private LinearAlgebra() {}

  /// The eigenvalues and eigenvectors of a symmetric matrix.
  ///
  /// @param valuesN in ascending order
  /// @param vectorsNN one of length 1 in each column; which way it points is up to the library
  public record Eigen(Tensor valuesN, Tensor vectorsNN) {}

  /// `symmetricNN = V · diag(λ) · Vᵀ`; only its lower triangle is read.
  public static Eigen symmetricEigen(Tensor symmetricNN) {
    T_TensorTensor_T result = torch.linalg_eigh(symmetricNN.handle());
    return new Eigen(new Tensor(result.get0()), new Tensor(result.get1()));
  }
}
