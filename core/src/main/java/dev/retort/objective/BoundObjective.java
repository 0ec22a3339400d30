package dev.retort.objective;

import dev.retort.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// An objective that knows the two models it compares, holding the tensors that are trained along.
public sealed interface BoundObjective
    permits RowObjective, BoundFeature, BoundEmbedding, BoundSelf, AnswerObjective {

  /// The tensors that are trained with the student and kept in checkpoints, but never exported.
  default SequencedMap<String, Tensor> parameters() {
    return new LinkedHashMap<>();
  }

  /// Whether the loss compares the texts of a batch with each other, so that a batch must not be
  /// cut.
  default boolean wholeBatch() {
    return false;
  }

  /// The same objective over the same memory, whose tensors gather gradients of their own, so that
  /// two threads can use it.
  BoundObjective twin();
}
