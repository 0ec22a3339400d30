package dev.retort.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/// Operators that write into memory that is there already: pages of fresh memory cost as much as
/// what is computed in them.
public final class InPlace {

  private InPlace() {}

  /// Overwrites `result` `[N, out]` by `x Wᵀ + b`; see [Functions#linear].
  public static void linear(Tensor result, Tensor x, Tensor weight, Optional<Tensor> bias) {
    org.bytedeco.pytorch.Tensor transposed = weight.handle().t();
    if (bias.isEmpty()) {
      torch.mm_out(result.handle(), x.handle(), transposed);
    } else {
      torch.addmm_out(result.handle(), bias.get().handle(), x.handle(), transposed);
    }
  }

  /// Overwrites `result` by the product of two matrices.
  public static void product(Tensor result, Tensor a, Tensor b) {
    torch.mm_out(result.handle(), a.handle(), b.handle());
  }

  /// Adds `scale` times the product of two matrices to `sum`.
  public static void addProduct(Tensor sum, Tensor a, Tensor b, double scale) {
    sum.handle().addmm_(a.handle(), b.handle(), new Scalar(1), new Scalar(scale));
  }

  /// Adds `scale` times `x`, of any type, to `sum`.
  public static void addScaled(Tensor sum, Tensor x, double scale) {
    sum.handle().add_(x.handle(), new Scalar(scale));
  }

  /// Multiplies `x` by `factor`, which broadcasts.
  public static void times(Tensor x, Tensor factor) {
    x.handle().mul_(factor.handle());
  }

  /// Overwrites the elements of `x` that `indices` (`INT64`, same rank) names along dimension `dim`
  /// by those of `source`.
  public static void scatter(Tensor x, int dim, Tensor indices, Tensor source) {
    x.handle().scatter_(dim, indices.handle(), source.handle());
  }
}
