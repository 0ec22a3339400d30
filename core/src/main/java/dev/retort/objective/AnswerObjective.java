package dev.retort.objective;

import dev.retort.tensor.Tensor;

/// An objective over pairs of whole answers, of which one was preferred. An answer's
/// log-probability is that of all its tokens, added up.
public non-sealed interface AnswerObjective extends Objective, BoundObjective {

  /// Log-probabilities of the two answers of each pair.
  ///
  /// @param chosenN of the preferred answers, `[N]`
  /// @param rejectedN of the others, `[N]`
  record Answers(Tensor chosenN, Tensor rejectedN) {}

  /// A loss and its gradient.
  ///
  /// @param sum added up over pairs
  /// @param gradient by the student's log-probabilities
  record AnswerLoss(double sum, Answers gradient) {}

  /// The loss added up over pairs, differentiable.
  Tensor sum(Answers student, Answers reference);

  /// The loss and its gradient by the student's log-probabilities.
  default AnswerLoss lossAndGradient(Answers student, Answers reference) {
    Answers leaves =
        new Answers(
            student.chosenN().detach().requiresGrad(), student.rejectedN().detach().requiresGrad());
    Tensor sum = sum(leaves, reference);
    sum.backward();
    return new AnswerLoss(
        sum.item(), new Answers(leaves.chosenN().grad(), leaves.rejectedN().grad()));
  }

  @Override
  default AnswerObjective twin() {
    return this;
  }

  @Override
  default AnswerObjective bind(ModelShape teacher, ModelShape student, long seed) {
    return this;
  }
}
