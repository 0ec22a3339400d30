package dev.retort.gguf;

/// Q4_0, Q4_1, Q5_0 and Q5_1: 32 weights in 4 or 5 bits each, with one scale.
///
/// A block is the scale *d* as a half, the least weight *m* as a half if there is an offset, the
/// fifth bits if there are any (bit *j* of an int for weight *j*), and 16 bytes with weight *j* in
/// the lower and weight *j* + 16 in the upper four bits of byte *j*. A weight is *d q* + *m* with
/// an offset, and *d* (*q* − 2ᵇ⁻¹) without one.
///
/// @param bits 4 or 5
/// @param offset whether the block has a least weight of its own
record NibbleCodec(int bits, boolean offset) implements BlockCodec {

  static final int WEIGHTS = 32;
  private static final int HALF = WEIGHTS / 2;
  private static final int NIBBLE = 0xF;

  @Override
  public void decode(byte[] blocks, int at, float[] values, int to) {
    float scale = Bytes.getHalf(blocks, at);
    // Adding -0 changes nothing, where adding 0 would turn a weight of -0 into 0.
    float least = offset ? Bytes.getHalf(blocks, at + Short.BYTES) : -0f;
    int high = bits == 4 ? 0 : Bytes.getInt(blocks, highAt(at));
    int middle = offset ? 0 : 1 << (bits - 1);
    int nibbles = nibblesAt(at);
    for (int j = 0; j < HALF; j++) {
      int lower = (blocks[nibbles + j] & NIBBLE) | ((high >>> j & 1) << 4);
      int upper = (blocks[nibbles + j] >> 4 & NIBBLE) | ((high >>> (j + HALF) & 1) << 4);
      values[to + j] = (lower - middle) * scale + least;
      values[to + HALF + j] = (upper - middle) * scale + least;
    }
  }

  @Override
  public void encode(float[] values, int from, byte[] blocks, int at) {
    float least = offset ? least(values, from) : 0;
    float scale = offset ? range(values, from) : farthest(values, from) / -(1 << (bits - 1));
    float inverse = scale == 0 ? 0 : 1 / scale;
    float rounding = offset ? 0.5f : (1 << (bits - 1)) + 0.5f;
    int most = (1 << bits) - 1;
    Bytes.putHalf(blocks, at, scale);
    if (offset) {
      Bytes.putHalf(blocks, at + Short.BYTES, least);
    }
    int high = 0;
    int nibbles = nibblesAt(at);
    for (int j = 0; j < HALF; j++) {
      int lower = Math.min(most, (int) ((values[from + j] - least) * inverse + rounding));
      int upper = Math.min(most, (int) ((values[from + HALF + j] - least) * inverse + rounding));
      blocks[nibbles + j] = (byte) ((lower & NIBBLE) | ((upper & NIBBLE) << 4));
      high |= (lower >> 4 << j) | (upper >> 4 << (j + HALF));
    }
    if (bits > 4) {
      Bytes.putInt(blocks, highAt(at), high);
    }
  }

  private int highAt(int at) {
    return at + (offset ? 2 : 1) * Short.BYTES;
  }

  private int nibblesAt(int at) {
    return highAt(at) + (bits - 4) * Integer.BYTES;
  }

  private float range(float[] values, int from) {
    float most = values[from];
    for (int j = 1; j < WEIGHTS; j++) {
      most = values[from + j] > most ? values[from + j] : most;
    }
    return (most - least(values, from)) / ((1 << bits) - 1);
  }

  /// The least weight, and the first of two zeros, which `Math.min` would choose by their signs.
  private static float least(float[] values, int from) {
    float least = values[from];
    for (int j = 1; j < WEIGHTS; j++) {
      least = values[from + j] < least ? values[from + j] : least;
    }
    return least;
  }

  /// The first weight that is farthest from 0; its sign decides that of the scale.
  private static float farthest(float[] values, int from) {
    float farthest = 0;
    for (int j = 0; j < WEIGHTS; j++) {
      if (Math.abs(values[from + j]) > Math.abs(farthest)) {
        farthest = values[from + j];
      }
    }
    return farthest;
  }
}
