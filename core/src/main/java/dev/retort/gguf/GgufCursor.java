package dev.retort.gguf;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A place in a mapped file that moves forward. It trusts no length: whatever is to be read is
/// first compared with what is left.
final class GgufCursor {

  private static final String ADVICE = "; the file is damaged: fetch or write it again";
  private static final int SHOWN = 60;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private long at;

  GgufCursor(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  Path file() {
    return file;
  }

  long position() {
    return at;
  }

  byte readByte(String what) throws GgufException {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(Byte.BYTES, what));
  }

  short readShort(String what) throws GgufException {
    return bytes.get(SHORT, advance(Short.BYTES, what));
  }

  int readInt(String what) throws GgufException {
    return bytes.get(INT, advance(Integer.BYTES, what));
  }

  long readLong(String what) throws GgufException {
    return bytes.get(LONG, advance(Long.BYTES, what));
  }

  /// How many things of at least `leastBytes` bytes follow.
  int readCount(long leastBytes, String what) throws GgufException {
    long count = readLong("the number of " + what);
    long most = Math.min((bytes.byteSize() - at) / leastBytes, Integer.MAX_VALUE);
    if (count < 0 || count > most) {
      throw damaged(
          "there should be %s %s, but the %d bytes that are left hold at most %d"
              .formatted(Long.toUnsignedString(count), what, bytes.byteSize() - at, most));
    }
    return (int) count;
  }

  String readText(String what) throws GgufException {
    int length = readCount(1, "bytes of " + what);
    byte[] text = bytes.asSlice(advance(length, what), length).toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new GgufException(
          "%s: %s is not UTF-8 text: %s%s".formatted(file, what, shown(text), ADVICE), e);
    }
  }

  /// What is wrong at this place of the file.
  GgufException damaged(String problem) {
    return new GgufException("%s: %s%s".formatted(file, problem, ADVICE));
  }

  private static String shown(byte[] text) {
    String latin = new String(text, StandardCharsets.ISO_8859_1);
    return "'" + (latin.length() > SHOWN ? latin.substring(0, SHOWN) + "…" : latin) + "'";
  }

  private long advance(long size, String what) throws GgufException {
    if (size > bytes.byteSize() - at) {
      throw damaged(
          "%s should take %d bytes from byte %d on, but the file ends at %d"
              .formatted(what, size, at, bytes.byteSize()));
    }
    long from = at;
    at += size;
    return from;
  }
}
