package dev.retort.objective;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;
import java.util.SequencedMap;

/// A feature objective matched with its two models, holding the tensors that are trained along.
public non-sealed interface BoundFeature extends BoundObjective, AutoCloseable {

  /// What a feature objective counts, and its mean is a mean over.
  enum Counted {
    /// Real tokens.
    TOKENS,
    /// Pairs of real tokens of one text, in both orders and with themselves.
    TOKEN_PAIRS,
    /// Texts.
    TEXTS
  }

  /// The tensors that are trained with the student and kept in checkpoints, but never exported.
  SequencedMap<String, Tensor> parameters();

  /// The loss added up over what is counted, differentiable; `maskBT` is 1 for real tokens and 0
  /// for padding, which counts in nothing.
  Tensor sum(EncoderOutput student, EncoderOutput teacher, Tensor maskBT);

  /// What is counted.
  Counted counted();

  /// Whether the loss compares the texts of a batch with each other, so that a batch must not be
  /// cut.
  boolean wholeBatch();

  /// How much of texts with these numbers of real tokens is counted.
  default long count(long[] lengths) {
    long count = 0;
    for (long length : lengths) {
      count +=
          switch (counted()) {
            case TOKENS -> length;
            case TOKEN_PAIRS -> length * length;
            case TEXTS -> 1;
          };
    }
    return count;
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
