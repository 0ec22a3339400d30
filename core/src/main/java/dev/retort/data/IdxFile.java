package dev.retort.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/// An array of unsigned bytes in the IDX format, in which MNIST (LeCun et al. 1998) and its kin are
/// published: two zero bytes, the element type, the number of dimensions, each dimension's length
/// as a big-endian `int`, and the values row-major.
///
/// @param file where it was read
/// @param shape the length of each dimension
/// @param values as many unsigned bytes as the shape needs
@SuppressWarnings("ArrayRecordComponent") // megabytes that are read once and handed on
record IdxFile(Path file, List<Integer> shape, byte[] values) {

  private static final int UNSIGNED_BYTE = 0x08;
  private static final int MAGIC_BYTES = 4;

  IdxFile {
    shape = List.copyOf(shape);
  }

  /// Reads `file`, which may be compressed with gzip, whatever its name.
  ///
  /// @throws DataException if it is not an IDX file of unsigned bytes, or has more or fewer values
  ///   than it says; offsets in the message are those of the uncompressed bytes
  static IdxFile read(Path file) throws IOException {
    byte[] bytes = uncompressed(file, Files.readAllBytes(file));
    int dimensions = dimensions(file, bytes);
    int header = headerBytes(dimensions);
    if (bytes.length < header) {
      throw wrong(
          file,
          bytes.length,
          "the file ends inside its header, which has %d bytes for %d dimensions; fetch it again"
              .formatted(header, dimensions));
    }
    List<Integer> shape = shape(file, ByteBuffer.wrap(bytes, MAGIC_BYTES, header - MAGIC_BYTES));
    if (bytes.length - header != values(shape)) {
      throw wrong(
          file,
          header,
          "the header announces %s values, but %d follow; fetch the file again"
              .formatted(text(shape), bytes.length - header));
    }
    return new IdxFile(file, shape, Arrays.copyOfRange(bytes, header, bytes.length));
  }

  private static byte[] uncompressed(Path file, byte[] bytes) throws IOException {
    if (bytes.length < 2 || (bytes[0] & 0xff) != 0x1f || (bytes[1] & 0xff) != 0x8b) {
      return bytes;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException e) {
      Finding damaged =
          Finding.error(
              Place.of(file),
              "its gzip stream of %d bytes is damaged or cut short (%s); fetch the file again"
                  .formatted(bytes.length, e.getMessage()));
      throw new DataException(damaged, e);
    }
  }

  private static int dimensions(Path file, byte[] bytes) {
    if (bytes.length < MAGIC_BYTES || bytes[0] != 0 || bytes[1] != 0 || bytes[3] < 1) {
      throw wrong(
          file,
          0,
          "found %s; an IDX file begins with 00 00, its element type and the number of dimensions, such as 00 00 08 03"
              .formatted(hexadecimal(bytes)));
    }
    if (bytes[2] != UNSIGNED_BYTE) {
      throw wrong(
          file, 2, "element type 0x%02x is not read; 0x08, unsigned bytes, is".formatted(bytes[2]));
    }
    return bytes[3];
  }

  private static List<Integer> shape(Path file, ByteBuffer lengths) {
    List<Integer> shape = new ArrayList<>();
    while (lengths.hasRemaining()) {
      int offset = lengths.position();
      int length = lengths.getInt();
      if (length < 1) {
        throw wrong(
            file,
            offset,
            "dimension %d has length %d; at least 1 is needed".formatted(shape.size() + 1, length));
      }
      shape.add(length);
    }
    return shape;
  }

  /// The product of the lengths, or the largest `long` if it is larger still.
  private static long values(List<Integer> shape) {
    return shape.stream()
        .mapToLong(Integer::longValue)
        .reduce(1, (a, b) -> a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b);
  }

  /// This file, if it has this many dimensions.
  ///
  /// @param content what such a file holds, for the message
  IdxFile requireDimensions(int count, String content) {
    if (shape.size() != count) {
      throw wrong(
          file,
          3,
          "the array has %d dimensions, %s; %s have %d"
              .formatted(shape.size(), text(shape), content, count));
    }
    return this;
  }

  /// A refusal of the value with this index.
  DataException wrongValue(int index, String message) {
    return wrong(file, headerBytes(shape.size()) + (long) index, message);
  }

  /// A refusal of the length of the first dimension.
  DataException wrongCount(String message) {
    return wrong(file, MAGIC_BYTES, message);
  }

  private static DataException wrong(Path file, long offset, String message) {
    return new DataException(
        List.of(Finding.error(Place.of(file), "byte %d: %s".formatted(offset, message))));
  }

  private static int headerBytes(int dimensions) {
    return MAGIC_BYTES + Integer.BYTES * dimensions;
  }

  private static String text(List<Integer> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(" × "));
  }

  private static String hexadecimal(byte[] bytes) {
    if (bytes.length == 0) {
      return "an empty file";
    }
    return HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(MAGIC_BYTES, bytes.length));
  }
}
