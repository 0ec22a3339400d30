package dev.retort.objective;

import dev.retort.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalDouble;

/// An objective over rows of logits: class decisions or tokens.
public non-sealed interface RowObjective extends Objective, BoundObjective {

  /// The loss added up over `rows`, differentiable: the plain definition.
  Tensor sum(Rows rows);

  /// The loss and its gradient with respect to the logits. Autograd supplies the gradient here; an
  /// objective that knows it in closed form overrides this, and the contract test compares the two.
  default RowLoss lossAndGradient(Rows rows) {
    Tensor leafNV = rows.logitsNV().detach().requiresGrad();
    Tensor sum = sum(rows.withLogits(leafNV));
    sum.backward();
    return new RowLoss(sum.detach(), leafNV.grad());
  }

  /// As [#lossAndGradient], for logits that nobody reads afterwards: the gradient may lie in their
  /// memory. An objective that can do so in fewer visits to wide rows overrides this.
  default RowLoss lossAndGradientInPlace(Rows rows) {
    return lossAndGradient(rows);
  }

  /// The temperature at which it reads a teacher's probabilities; empty if it reads logits, or no
  /// teacher. A teacher who names some outcomes only must have been asked at this temperature.
  default OptionalDouble teacherTemperature() {
    return OptionalDouble.empty();
  }

  /// Whether outcomes that were drawn from the teacher are enough for it.
  default boolean learnsFromSamples() {
    return false;
  }

  /// How many of the rows with these labels (−1 where unknown) this objective counts.
  default long count(int[] labels) {
    return labels.length;
  }

  /// How many of `labels` are known.
  static long countKnown(int[] labels) {
    return Arrays.stream(labels).filter(label -> label >= 0).count();
  }

  @Override
  default RowObjective twin() {
    return this;
  }

  @Override
  default RowObjective bind(ModelShape teacher, ModelShape student, long seed) {
    return this;
  }
}
