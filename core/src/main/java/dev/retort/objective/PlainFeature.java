package dev.retort.objective;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;

/// A bound feature objective with nothing to be trained along.
///
/// @param loss the sum
/// @param counted what its mean is over
/// @param wholeBatch whether texts are compared with each other
record PlainFeature(Loss loss, Counted counted, boolean wholeBatch) implements BoundFeature {

  /// The sum of a loss over a batch.
  @FunctionalInterface
  interface Loss {

    /// As [BoundFeature#sum].
    Tensor sum(EncoderOutput student, EncoderOutput teacher, Tensor maskBT);
  }

  @Override
  public Tensor sum(EncoderOutput student, EncoderOutput teacher, Tensor maskBT) {
    return loss.sum(student, teacher, maskBT);
  }

  @Override
  public BoundFeature twin() {
    return this;
  }
}
