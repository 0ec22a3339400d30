package dev.retort.signal.codec;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Numbers of few bits, the lowest bit of each first, in rows of whole bytes.
final class Bits {

  private Bits() {}

  /// How many bits hold every number from 0 to `count − 1`.
  static int forNumbersBelow(int count) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
  }

  /// Writes one row.
  static final class Writer {

    private final byte[] bytes;
    private int position;

    /// A row of at most `bits` bits.
    Writer(int bits) {
      bytes = new byte[Math.ceilDiv(bits, Byte.SIZE)];
    }

    void write(int number, int bits) {
      for (int bit = 0; bit < bits; bit++, position++) {
        bytes[position / Byte.SIZE] |= (byte) ((number >>> bit & 1) << position % Byte.SIZE);
      }
    }

    /// What was written.
    byte[] toBytes() {
      return Arrays.copyOf(bytes, Math.ceilDiv(position, Byte.SIZE));
    }
  }

  /// Reads one row after another.
  static final class Reader {

    private final ByteBuffer rows;
    private int current;
    private int left;

    /// Reads from the position of `rows` on.
    Reader(ByteBuffer rows) {
      this.rows = rows;
    }

    /// Goes to the next whole byte, where the next row begins.
    void align() {
      left = 0;
    }

    /// @throws IllegalArgumentException after the last bit
    int read(int bits) {
      int number = 0;
      for (int bit = 0; bit < bits; bit++) {
        if (left == 0) {
          current = next();
          left = Byte.SIZE;
        }
        number |= (current & 1) << bit;
        current >>>= 1;
        left--;
      }
      return number;
    }

    private int next() {
      try {
        return Byte.toUnsignedInt(rows.get());
      } catch (BufferUnderflowException e) {
        throw new IllegalArgumentException("the rows end in the middle of one", e);
      }
    }

    /// Fails if there is more.
    void requireEnd() {
      if (rows.hasRemaining()) {
        throw new IllegalArgumentException(
            "%d bytes are left after the last row".formatted(rows.remaining()));
      }
    }
  }
}
