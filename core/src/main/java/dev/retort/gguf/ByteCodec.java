package dev.retort.gguf;

/// Q8_0: 32 weights in 8 bits each, with one scale. A block is the scale *d* as a half and 32
/// signed bytes; a weight is *d q*.
enum ByteCodec implements BlockCodec {
  Q8_0;

  private static final int WEIGHTS = NibbleCodec.WEIGHTS;

  @Override
  public void decode(byte[] blocks, int at, float[] values, int to) {
    float scale = Bytes.getHalf(blocks, at);
    for (int j = 0; j < WEIGHTS; j++) {
      values[to + j] = blocks[at + Short.BYTES + j] * scale;
    }
  }

  @Override
  public void encode(float[] values, int from, byte[] blocks, int at) {
    float farthest = 0;
    for (int j = 0; j < WEIGHTS; j++) {
      farthest = Math.max(farthest, Math.abs(values[from + j]));
    }
    float scale = farthest / Byte.MAX_VALUE;
    float inverse = scale == 0 ? 0 : 1 / scale;
    Bytes.putHalf(blocks, at, scale);
    for (int j = 0; j < WEIGHTS; j++) {
      blocks[at + Short.BYTES + j] = (byte) roundAwayFromZero(values[from + j] * inverse);
    }
  }

  /// The nearest whole number, the one farther from 0 between two, as C's `roundf`.
  private static int roundAwayFromZero(float value) {
    int magnitude = (int) (Math.abs((double) value) + 0.5);
    return value < 0 ? -magnitude : magnitude;
  }
}
