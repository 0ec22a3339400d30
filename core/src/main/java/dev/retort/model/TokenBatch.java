package dev.retort.model;

import dev.retort.tensor.Tensor;

/// Texts as the encoder takes them, padded on the right to one length.
///
/// @param idsBT token ids, `INT64` `[B, T]`
/// @param typeIdsBT token types, `INT64` `[B, T]`
/// @param maskBT 1 for real tokens, 0 for padding, `INT64` `[B, T]`
public record TokenBatch(Tensor idsBT, Tensor typeIdsBT, Tensor maskBT) {

  /// The same tokens, in rows that reach as far as the longer of the two texts that are mixed.
  TokenBatch mixed(Mix mix) {
    return new TokenBatch(idsBT, typeIdsBT, mix.union(maskBT));
  }
}
