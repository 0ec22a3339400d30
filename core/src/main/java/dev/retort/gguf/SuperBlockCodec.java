package dev.retort.gguf;

/// Q4_K and Q5_K: 256 weights in 4 or 5 bits each, in 8 groups with a scale and a least weight
/// each, which are numbers of 6 bits in units of the block.
///
/// A block is the unit of the scales and the unit of the leasts as halves, 12 bytes with both of
/// every group ([GroupScales]), the fifth bits if there are any (bit *g* of byte *j* for weight *j*
/// of group *g*), and 128 bytes of which 32 at a time hold two groups in their lower and upper four
/// bits. A weight is *(d s) q* − *(dₘ m)*.
///
/// @param bits 4 or 5
record SuperBlockCodec(int bits) implements BlockCodec {

  static final int WEIGHTS = 256;
  static final int GROUP = 32;
  private static final int GROUPS = WEIGHTS / GROUP;
  private static final int NIBBLE = 0xF;
  private static final int SCALES_AT = 2 * Short.BYTES;
  private static final int HIGH_AT = SCALES_AT + GroupScales.BYTES;

  @Override
  public void decode(byte[] blocks, int at, float[] values, int to) {
    float scaleUnit = Bytes.getHalf(blocks, at);
    float leastUnit = Bytes.getHalf(blocks, at + Short.BYTES);
    for (int group = 0; group < GROUPS; group++) {
      float scale = scaleUnit * GroupScales.scale(blocks, at + SCALES_AT, group);
      float least = leastUnit * GroupScales.least(blocks, at + SCALES_AT, group);
      int nibbles = nibblesAt(at, group);
      int shift = group % 2 * 4;
      for (int j = 0; j < GROUP; j++) {
        int high = bits == 4 ? 0 : blocks[at + HIGH_AT + j] >> group & 1;
        int level = (blocks[nibbles + j] >> shift & NIBBLE) | (high << 4);
        values[to + group * GROUP + j] = scale * level - least;
      }
    }
  }

  @Override
  public void encode(float[] values, int from, byte[] blocks, int at) {
    LeastScaleFit[] fits = new LeastScaleFit[GROUPS];
    float mostScale = 0;
    float mostLeast = 0;
    for (int group = 0; group < GROUPS; group++) {
      fits[group] = LeastScaleFit.of(values, from + group * GROUP, bits);
      mostScale = Math.max(mostScale, fits[group].scale());
      mostLeast = Math.max(mostLeast, fits[group].least());
    }
    Bytes.putHalf(blocks, at, mostScale / GroupScales.MOST);
    Bytes.putHalf(blocks, at + Short.BYTES, mostLeast / GroupScales.MOST);
    float perScale = mostScale > 0 ? GroupScales.MOST / mostScale : 0;
    float perLeast = mostLeast > 0 ? GroupScales.MOST / mostLeast : 0;
    for (int group = 0; group < GROUPS; group++) {
      int scale = Math.min(GroupScales.MOST, NearestInt.of(perScale * fits[group].scale()));
      int least = Math.min(GroupScales.MOST, NearestInt.of(perLeast * fits[group].least()));
      GroupScales.put(blocks, at + SCALES_AT, group, scale, least);
    }
    clearLevels(blocks, at);
    for (int group = 0; group < GROUPS; group++) {
      putLevels(levels(values, from, blocks, at, fits[group], group), blocks, at, group);
    }
  }

  /// The levels of a group for the scale and least that were stored, or those of the fit where the
  /// stored scale is 0.
  private int[] levels(
      float[] values, int from, byte[] blocks, int at, LeastScaleFit fit, int group) {
    float scale = Bytes.getHalf(blocks, at) * GroupScales.scale(blocks, at + SCALES_AT, group);
    if (scale == 0) {
      return fit.levels();
    }
    float least =
        Bytes.getHalf(blocks, at + Short.BYTES) * GroupScales.least(blocks, at + SCALES_AT, group);
    int[] levels = new int[GROUP];
    for (int j = 0; j < GROUP; j++) {
      float level = (values[from + group * GROUP + j] + least) / scale;
      levels[j] = Math.clamp(NearestInt.of(level), 0, (1 << bits) - 1);
    }
    return levels;
  }

  private void clearLevels(byte[] blocks, int at) {
    for (int j = at + HIGH_AT; j < nibblesAt(at, GROUPS); j++) {
      blocks[j] = 0;
    }
  }

  private void putLevels(int[] levels, byte[] blocks, int at, int group) {
    int nibbles = nibblesAt(at, group);
    for (int j = 0; j < GROUP; j++) {
      blocks[nibbles + j] |= (byte) ((levels[j] & NIBBLE) << (group % 2 * 4));
      if (bits > 4) {
        blocks[at + HIGH_AT + j] |= (byte) (levels[j] >> 4 << group);
      }
    }
  }

  private int nibblesAt(int at, int group) {
    return at + HIGH_AT + (bits - 4) * GROUP + group / 2 * GROUP;
  }
}
