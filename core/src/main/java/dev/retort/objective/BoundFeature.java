package dev.retort.objective;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;

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

  /// The loss added up over what is counted, differentiable; `maskBT` is 1 for real tokens and 0
  /// for padding, which counts in nothing.
  Tensor sum(EncoderOutput student, EncoderOutput teacher, Tensor maskBT);

  /// What is counted.
  Counted counted();

  @Override
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

  @Override
  BoundFeature twin();

  /// Frees the trained tensors.
  @Override
  default void close() {
    parameters().values().forEach(Tensor::close);
  }
}
