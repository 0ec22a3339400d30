package dev.retort.gguf;

/// The scales and least weights of the eight groups of a Q4_K or Q5_K block: sixteen numbers of 6
/// bits in 12 bytes.
///
/// Groups 0 to 3 have their scales in the lower 6 bits of bytes 0 to 3 and their leasts in those of
/// bytes 4 to 7. Groups 4 to 7 have the lower 4 bits of both in bytes 8 to 11, and the upper 2 bits
/// in what is free of the bytes before.
final class GroupScales {

  static final int BYTES = 12;

  /// The largest number of 6 bits.
  static final int MOST = 63;

  private static final int HALF = 4;
  private static final int NIBBLE = 0xF;
  private static final int UPPER = 6;

  private GroupScales() {}

  static int scale(byte[] bytes, int at, int group) {
    if (group < HALF) {
      return bytes[at + group] & MOST;
    }
    return (bytes[at + HALF + group] & NIBBLE) | (upper(bytes[at + group - HALF]) << 4);
  }

  static int least(byte[] bytes, int at, int group) {
    if (group < HALF) {
      return bytes[at + HALF + group] & MOST;
    }
    return (bytes[at + HALF + group] >> 4 & NIBBLE) | (upper(bytes[at + group]) << 4);
  }

  private static int upper(byte value) {
    return (value & 0xFF) >> UPPER;
  }

  /// Stores both numbers of a group. Groups must be stored in order: the later ones use bits of the
  /// earlier ones' bytes.
  static void put(byte[] bytes, int at, int group, int scale, int least) {
    if (group < HALF) {
      bytes[at + group] = (byte) scale;
      bytes[at + HALF + group] = (byte) least;
    } else {
      bytes[at + HALF + group] = (byte) ((scale & NIBBLE) | ((least & NIBBLE) << 4));
      bytes[at + group - HALF] |= (byte) (scale >> 4 << UPPER);
      bytes[at + group] |= (byte) (least >> 4 << UPPER);
    }
  }
}
