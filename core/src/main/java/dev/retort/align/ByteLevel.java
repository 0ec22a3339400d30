package dev.retort.align;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// The alphabet of byte-level BPE (Radford et al. 2019): every byte is written as one printable
/// character, its own where Latin-1 has one, and otherwise the next of those from U+0100 on.
final class ByteLevel {

  private static final int[] BYTE_OF = alphabet();

  private ByteLevel() {}

  private static int[] alphabet() {
    int[] byteOf = new int[0x100 + 68];
    java.util.Arrays.fill(byteOf, -1);
    int next = 0x100;
    for (int value = 0; value < 0x100; value++) {
      byteOf[isPrintable(value) ? value : next++] = value;
    }
    return byteOf;
  }

  private static boolean isPrintable(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  /// The bytes that `token` is written for; characters outside of the alphabet are themselves.
  static byte[] bytes(String token) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    token
        .codePoints()
        .forEach(point -> {
          if (point < BYTE_OF.length && BYTE_OF[point] >= 0) {
            bytes.write(BYTE_OF[point]);
          } else {
            bytes.writeBytes(Character.toString(point).getBytes(UTF_8));
          }
        });
    return bytes.toByteArray();
  }
}
