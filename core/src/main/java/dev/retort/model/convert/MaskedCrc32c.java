package dev.retort.model.convert;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// CRC-32C as LevelDB and TensorFlow store it: rotated and shifted, because the CRC of bytes that
/// contain CRCs says little.
final class MaskedCrc32c {

  private static final int DELTA = 0xa282ead8;
  private static final int ROTATION = 15;
  private static final long CHUNK_BYTES = 1 << 26;

  private MaskedCrc32c() {}

  /// The masked CRC of `bytes`.
  static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK_BYTES) {
      long length = Math.min(CHUNK_BYTES, bytes.byteSize() - at);
      crc.update(bytes.asSlice(at, length).asByteBuffer());
    }
    return Integer.rotateRight((int) crc.getValue(), ROTATION) + DELTA;
  }
}
