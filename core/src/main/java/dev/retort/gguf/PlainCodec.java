package dev.retort.gguf;

/// Numbers of their own, in blocks of one.
enum PlainCodec implements BlockCodec {
  SINGLE {
    @Override
    public void decode(byte[] blocks, int at, float[] values, int to) {
      values[to] = Float.intBitsToFloat(Bytes.getInt(blocks, at));
    }

    @Override
    public void encode(float[] values, int from, byte[] blocks, int at) {
      Bytes.putInt(blocks, at, Float.floatToRawIntBits(values[from]));
    }
  },
  HALF {
    @Override
    public void decode(byte[] blocks, int at, float[] values, int to) {
      values[to] = Bytes.getHalf(blocks, at);
    }

    @Override
    public void encode(float[] values, int from, byte[] blocks, int at) {
      Bytes.putHalf(blocks, at, values[from]);
    }
  },
  /// The upper half of a single, rounded to the even one between two.
  BRAIN {
    @Override
    public void decode(byte[] blocks, int at, float[] values, int to) {
      values[to] = Float.intBitsToFloat(Bytes.getShort(blocks, at) << Short.SIZE);
    }

    @Override
    public void encode(float[] values, int from, byte[] blocks, int at) {
      int bits = Float.floatToRawIntBits(values[from]);
      int rounded =
          Float.isNaN(values[from])
              ? bits | QUIET_NAN
              : bits + JUST_BELOW_HALF + (bits >>> Short.SIZE & 1);
      Bytes.putShort(blocks, at, (short) (rounded >>> Short.SIZE));
    }
  };

  private static final int JUST_BELOW_HALF = 0x7FFF;
  private static final int QUIET_NAN = 0x40_0000;
}
