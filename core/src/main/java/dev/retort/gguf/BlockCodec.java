package dev.retort.gguf;

/// How a block of weights lies in bytes. Arithmetic is in single precision, operation by operation
/// as in ggml's reference, so that both get the same bits.
interface BlockCodec {

  /// Writes the weights of the block that begins at `at` to `values` from `to` on.
  void decode(byte[] blocks, int at, float[] values, int to);

  /// Writes the block of the weights that begin at `from` to `blocks` from `at` on.
  void encode(float[] values, int from, byte[] blocks, int at);
}
