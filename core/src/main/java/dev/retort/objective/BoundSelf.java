package dev.retort.objective;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;

/// A self-objective matched with its student, holding the tensors that are trained along.
public non-sealed interface BoundSelf extends BoundObjective, AutoCloseable {

  /// The loss added up over texts, differentiable; `student` holds the hidden states of all layers,
  /// `rows` the student's own logits, detached, and the labels; `maskBT` is 1 for real tokens and 0
  /// for padding.
  Tensor sum(EncoderOutput student, Rows rows, Tensor maskBT);

  /// How many of the rows with these labels (−1 where unknown) are counted.
  default long count(int[] labels) {
    return labels.length;
  }

  @Override
  BoundSelf twin();

  /// Frees the trained tensors.
  @Override
  default void close() {
    parameters().values().forEach(Tensor::close);
  }
}
