package dev.retort.model.decoder;

import dev.retort.tensor.Tensor;

/// Attention of whole prompts, whose keys and values are kept for what will follow.
///
/// @param within how the prompts' tokens see each other
/// @param cache where keys and values go
/// @param rows where in the cache
record RecordingAttention(CausalAttention within, KeyValueCache cache, Tensor rows)
    implements CausalAttention {

  @Override
  public Tensor attend(int layer, Tensor queryNHd, Tensor keyNGd, Tensor valueNGd) {
    cache.write(layer, rows, keyNGd, valueNGd);
    return within.attend(layer, queryNHd, keyNGd, valueNGd);
  }
}
