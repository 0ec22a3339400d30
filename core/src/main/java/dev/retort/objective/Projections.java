package dev.retort.objective;

import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;

/// Linear maps from a student's vectors to vectors of its teacher's width, trained along.
final class Projections {

  private Projections() {}

  /// A map `W` `[D_teacher, D_student]` without bias, of random numbers whose rows have about unit
  /// length, so that what it is applied to keeps its size; the caller has set the seed.
  static Tensor between(ModelShape teacher, ModelShape student) {
    try (Scope _ = Scope.open()) {
      double deviation = 1 / Math.sqrt(student.hiddenSize());
      return Tensors.normal(0, deviation, teacher.hiddenSize(), student.hiddenSize())
          .keep()
          .requiresGrad();
    }
  }
}
