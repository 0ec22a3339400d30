package dev.retort.model;

import dev.retort.data.Batch;
import java.util.Set;

/// A model that can be trained: what the trainer knows of it.
///
/// Not thread-safe while it is trained; forward passes without gradients may run side by side.
///
/// @param <B> what it computes
public interface Network<B extends Batch> extends AutoCloseable {

  /// Everything that is trained.
  Parameters parameters();

  /// How many numbers it computes with, frozen ones included.
  default long weights() {
    return parameters().count();
  }

  /// The names of the parameters of which a batch uses some rows only.
  Set<String> tables();

  /// One pass over `batch`.
  NetworkOutput forward(B batch, ForwardMode mode);

  /// The same model over the same memory, which gathers gradients of its own, so that two threads
  /// can train it.
  Network<B> twin();

  /// The same model with weights of its own, which begin equal.
  Network<B> copy();

  /// Frees the native memory.
  @Override
  void close();
}
