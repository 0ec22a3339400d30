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
      List<Gradient> gradients =
          parameters.stream().filter(Tensor::hasGrad).map(Gradient::of).toList();
      double norm = Math.sqrt(gradients.stream().mapToDouble(Gradients::squaredNorm).sum());
      if (norm > maxNorm) {
        gradients.forEach(gradient -> gradient.values().timesInPlace(maxNorm / norm));
      }
      return norm;
    }
  }

  private static double squaredNorm(Gradient gradient) {
    double norm = new Tensor(torch.norm(gradient.values().handle())).item();
    return norm * norm;
  }

  /// Adds the gradients of `from` to those of `to`, its counterpart at each place, and forgets them
  /// there.
  public static void move(List<Tensor> from, List<Tensor> to) {
    try (Scope _ = Scope.open()) {
      for (int i = 0; i < from.size(); i++) {
        if (from.get(i).hasGrad()) {
          add(from.get(i).handle().grad(), to.get(i));
          from.get(i).dropGrad();
        }
      }
    }
  }

  private static void add(org.bytedeco.pytorch.Tensor gradient, Tensor parameter) {
    if (parameter.hasGrad()) {
      parameter.handle().mutable_grad().add_(gradient);
    } else {
      parameter.handle().mutable_grad().put(gradient);
    }
  }

  /// Forgets the gradients of all `parameters`.
  public static void drop(Collection<Tensor> parameters) {
    try (Scope _ = Scope.open()) {
      parameters.forEach(Tensor::dropGrad);
    }
  }
}
