package dev.retort.gguf;

/// Q6_K: 256 weights in 6 bits each, in 16 groups with a scale each, which is a signed byte in
/// units of the block.
///
/// A block is the lower 4 bits of the levels in 128 bytes, their upper 2 bits in 64 bytes, the 16
/// scales, and the unit as a half. Both halves of 128 weights are alike: weights *j*, *j* + 32, *j*
/// + 64 and *j* + 96 (*j* < 32) have their lower bits in the lower and then the upper half of bytes
///   *j* and *j* + 32, and their upper bits side by side in byte *j*. A weight is *(d s)* (*q* −
///   32).
enum SixBitCodec implements BlockCodec {
  Q6_K;

  private static final int WEIGHTS = SuperBlockCodec.WEIGHTS;
  private static final int GROUP = ScaleFit.SIZE;
  private static final int GROUPS = WEIGHTS / GROUP;
  private static final int HALF = WEIGHTS / 2;
  private static final int LANE = 32;
  private static final int LANES = HALF / LANE;
  private static final int NIBBLE = 0xF;
  private static final int HIGH_AT = WEIGHTS / 2;
  private static final int SCALES_AT = HIGH_AT + WEIGHTS / 4;
  private static final int UNIT_AT = SCALES_AT + GROUPS;

  @Override
  public void decode(byte[] blocks, int at, float[] values, int to) {
    float unit = Bytes.getHalf(blocks, at + UNIT_AT);
    for (int i = 0; i < WEIGHTS; i++) {
      float scale = unit * blocks[at + SCALES_AT + i / GROUP];
      int low = blocks[at + lowIndex(i)] >> lowShift(i) & NIBBLE;
      int high = blocks[at + highIndex(i)] >> highShift(i) & 3;
      values[to + i] = scale * ((low | high << 4) - ScaleFit.LEVELS);
    }
  }

  @Override
  public void encode(float[] values, int from, byte[] blocks, int at) {
    for (int j = at; j < at + UNIT_AT + Short.BYTES; j++) {
      blocks[j] = 0;
    }
    ScaleFit[] fits = new ScaleFit[GROUPS];
    float farthest = 0;
    for (int group = 0; group < GROUPS; group++) {
      fits[group] = ScaleFit.of(values, from + group * GROUP);
      if (Math.abs(fits[group].scale()) > Math.abs(farthest)) {
        farthest = fits[group].scale();
      }
    }
    if (Math.abs(farthest) < ScaleFit.NOTHING) {
      return;
    }
    float perUnit = Byte.MIN_VALUE / farthest;
    Bytes.putHalf(blocks, at + UNIT_AT, 1 / perUnit);
    for (int group = 0; group < GROUPS; group++) {
      int scale = Math.min(Byte.MAX_VALUE, NearestInt.of(perUnit * fits[group].scale()));
      blocks[at + SCALES_AT + group] = (byte) scale;
      putLevels(values, from, fits[group], blocks, at, group);
    }
  }

  /// Stores the levels of a group for the scale that was stored, or those of the fit where that is
  /// 0.
  private static void putLevels(
      float[] values, int from, ScaleFit fit, byte[] blocks, int at, int group) {
    float scale = Bytes.getHalf(blocks, at + UNIT_AT) * blocks[at + SCALES_AT + group];
    for (int j = 0; j < GROUP; j++) {
      int i = group * GROUP + j;
      int level = scale == 0 ? fit.levels()[j] : ScaleFit.level(values[from + i] / scale);
      blocks[at + lowIndex(i)] |= (byte) ((level & NIBBLE) << lowShift(i));
      blocks[at + highIndex(i)] |= (byte) (level >> 4 << highShift(i));
    }
  }

  private static int lowIndex(int i) {
    return i / HALF * (HALF / 2) + i % (2 * LANE);
  }

  private static int lowShift(int i) {
    return i % HALF / (2 * LANE) * 4;
  }

  private static int highIndex(int i) {
    return HIGH_AT + i / HALF * LANE + i % LANE;
  }

  private static int highShift(int i) {
    return i / LANE % LANES * 2;
  }
}
