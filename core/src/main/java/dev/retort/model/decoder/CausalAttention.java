package dev.retort.model.decoder;

import dev.retort.tensor.Tensor;

/// How the tokens of one pass see those before them.
interface CausalAttention {

  /// What each token finds in `layer`, `[N, H·d]` in the type of `valueNGd`.
  ///
  /// @param queryNHd scaled queries, turned by their positions
  /// @param keyNGd keys, turned by their positions
  /// @param valueNGd values
  Tensor attend(int layer, Tensor queryNHd, Tensor keyNGd, Tensor valueNGd);
}
