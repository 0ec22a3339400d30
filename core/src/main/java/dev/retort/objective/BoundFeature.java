package dev.retort.objective;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;
import java.util.SequencedMap;

/// A feature objective matched with its two models, holding the tensors that are trained along.
public non-sealed interface BoundFeature extends BoundObjective, AutoCloseable {

  /// The tensors that are trained with the student and kept in checkpoints, but never exported.
  SequencedMap<String, Tensor> parameters();

  /// The loss added up over the real tokens of a batch, differentiable; `maskBT` is 1 for real
  /// tokens and 0 for padding, which counts in nothing.
  Tensor sum(EncoderOutput student, EncoderOutput teacher, Tensor maskBT);

  /// How many tokens of a batch with `realTokens` real tokens are counted.
  default long count(long realTokens) {
    return realTokens;
  }

  /// The same objective over the same memory, whose tensors gather gradients of their own, so that
  /// two threads can use it.
  BoundFeature twin();

  /// Frees the trained tensors.
  @Override
  default void close() {
    parameters().values().forEach(Tensor::close);
  }
}
