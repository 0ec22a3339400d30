package dev.retort.tensor;

import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.global.torch;

/// What can be done to the gradients of all parameters together.
public final class Gradients {

  private Gradients() {}

  /// Scales all gradients so that their joint Euclidean norm is at most `maxNorm`, and returns the
  /// norm that they had (Pascanu et al. 2013). Parameters without a gradient count as zero.
  public static double clip(Collection<Tensor> parameters, double maxNorm) {
    try (Scope _ = Scope.open()) {
      List<Tensor> reached = parameters.stream().filter(Tensor::hasGrad).toList();
      return reached.isEmpty() ? 0 : torch.clip_grad_norm_(Tensors.vector(reached), maxNorm);
    }
  }

  /// Forgets the gradients of all `parameters`.
  public static void drop(Collection<Tensor> parameters) {
    try (Scope _ = Scope.open()) {
      parameters.forEach(Tensor::dropGrad);
    }
  }
}
