package dev.retort.model;

import dev.retort.tensor.Tensor;

/// Sees what the parts of a model read during a forward pass.
@FunctionalInterface
public interface Observer {

  /// `module`, a canonical name without `.weight`, reads `input`: `[B, T, D]` or `[N, D]`, in the
  /// precision of the pass. Query, key and value read the same, which is shown once, as the
  /// query's; so do gate and first projection of a feed-forward part, as the projection's. The
  /// tensor lives in the scope that is open.
  void reads(String module, Tensor input);
}
