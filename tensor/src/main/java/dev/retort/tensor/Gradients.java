package dev.retort.tensor;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;

/// What can be done to the gradients of all parameters together.
public final class Gradients {

  private Gradients() {}

  /// The sum of the squares of all gradients. Parameters without one count as zero.
  public static double squaredNorm(Collection<Tensor> parameters) {
    try (Scope _ = Scope.open()) {
      return gradients(parameters).mapToDouble(Gradients::squaredNorm).sum();
    }
  }

  private static double squaredNorm(Gradient gradient) {
    double norm = new Tensor(torch.norm(gradient.values().handle())).item();
    return norm * norm;
  }

  /// Multiplies all gradients by `factor`.
  public static void scale(Collection<Tensor> parameters, double factor) {
    try (Scope _ = Scope.open()) {
      gradients(parameters).forEach(gradient -> gradient.values().timesInPlace(factor));
    }
  }

  private static Stream<Gradient> gradients(Collection<Tensor> parameters) {
    return parameters.stream().filter(Tensor::hasGrad).map(Gradient::of);
  }

  /// Adds the gradients of `from` to those of `to`, which has parameters of the same names, and
  /// forgets them there.
  public static void move(Map<String, Tensor> from, Map<String, Tensor> to) {
    try (Scope _ = Scope.open()) {
      from.forEach((name, parameter) -> {
        if (parameter.hasGrad()) {
          add(parameter.handle().grad(), Objects.requireNonNull(to.get(name), name));
          parameter.dropGrad();
        }
      });
    }
  }

  private static void add(org.bytedeco.pytorch.Tensor gradient, Tensor parameter) {
    if (parameter.hasGrad()) {
      parameter.handle().mutable_grad().add_(gradient);
    } else {
      parameter.handle().mutable_grad().put(gradient);
    }
  }

  /// Whether a backward pass gathers a gradient for `parameter`; not for what is frozen.
  public static boolean areGathered(Tensor parameter) {
    return parameter.handle().requires_grad();
  }

  /// The gradient of `parameter`, to be added to in place; zeros where it has none yet. Gradients
  /// of some rows only must not be there yet.
  public static Tensor gathered(Tensor parameter) {
    if (!parameter.hasGrad()) {
      try (Scope _ = Scope.open()) {
        parameter.handle().mutable_grad().put(Tensors.zerosLike(parameter.detach()).handle());
      }
    }
    return new Tensor(parameter.handle().grad());
  }

  /// Forgets the gradients of all `parameters`.
  public static void drop(Collection<Tensor> parameters) {
    try (Scope _ = Scope.open()) {
      parameters.forEach(Tensor::dropGrad);
    }
  }
}
