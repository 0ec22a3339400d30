package dev.retort.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What precedes the data of a GGUF file: its metadata, and where each tensor lies.
///
/// @param tensors the tensors by name, in the order of the file
/// @param dataAt the byte at which the data begin
record GgufHeader(GgufMetadata metadata, SequencedMap<String, Entry> tensors, long dataAt) {

  static final int MAGIC = 0x4655_4747; // "GGUF", read as a little-endian number
  static final String ALIGNMENT = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;
  private static final int OLDEST = 2;
  private static final int NEWEST = 3;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_DEPTH = 4;

  /// So many that their bytes can still be counted.
  private static final long MAX_ELEMENTS = Long.MAX_VALUE / Long.BYTES;

  /// The shortest metadata entry: an empty name, a type and a byte.
  private static final int LEAST_ENTRY = Long.BYTES + Integer.BYTES + 1;

  /// The shortest tensor entry: an empty name, no dimensions, a type and an offset.
  private static final int LEAST_TENSOR = Long.BYTES + 2 * Integer.BYTES + Long.BYTES;

  /// A tensor's place.
  ///
  /// @param shape the sizes of the dimensions, slowest first
  /// @param offset from the beginning of the data
  record Entry(GgufType type, List<Long> shape, long offset) {
    long end() {
      return offset + type.bytes(shape);
    }
  }

  static GgufHeader read(GgufCursor cursor) throws GgufException {
    requireGguf(cursor);
    int tensorCount = cursor.readCount(LEAST_TENSOR, "tensors");
    GgufMetadata metadata = readMetadata(cursor);
    int alignment = alignment(cursor, metadata);
    SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
    for (int i = 0; i < tensorCount; i++) {
      String name = cursor.readText("the name of tensor " + i);
      if (tensors.put(name, readTensor(cursor, name, alignment)) != null) {
        throw cursor.damaged("there are two tensors '%s'".formatted(name));
      }
    }
    return new GgufHeader(metadata, tensors, align(cursor.position(), alignment));
  }

  /// The next multiple of `alignment`, which is a power of 2.
  static long align(long position, int alignment) {
    return position + alignment - 1 & -alignment;
  }

  private static void requireGguf(GgufCursor cursor) throws GgufException {
    int magic = cursor.readInt("the magic number");
    if (magic != MAGIC) {
      throw new GgufException(
          "%s: not a GGUF file: it begins with %08x, not with \"GGUF\""
              .formatted(cursor.file(), Integer.reverseBytes(magic)));
    }
    int version = cursor.readInt("the version");
    if (version < OLDEST || version > NEWEST) {
      boolean swapped = Integer.reverseBytes(version) <= NEWEST && version != 1;
      throw new GgufException(
          "%s: version %s of GGUF cannot be read; Retort reads versions 2 and 3, little-endian"
              .formatted(cursor.file(), swapped ? "(big-endian)" : Integer.toString(version)));
    }
  }

  private static GgufMetadata readMetadata(GgufCursor cursor) throws GgufException {
    int count = cursor.readCount(LEAST_ENTRY, "metadata entries");
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = cursor.readText("the name of metadata entry " + i);
      String what = "metadata '%s'".formatted(key);
      if (values.put(key, readValue(cursor, readType(cursor, what), what, 0)) != null) {
        throw cursor.damaged("there are two values of " + what);
      }
    }
    return new GgufMetadata(cursor.file().toString(), values);
  }

  private static GgufValueType readType(GgufCursor cursor, String what) throws GgufException {
    int code = cursor.readInt("the type of " + what);
    return GgufValueType.ofCode(code)
        .orElseThrow(() ->
            cursor.damaged(
                "%s has the type %d; the types are 0 to %d"
                    .formatted(what, code, GgufValueType.values().length - 1)));
  }

  private static GgufValue readValue(GgufCursor cursor, GgufValueType type, String what, int depth)
      throws GgufException {
    return switch (type) {
      case UINT8 -> new GgufValue.Whole(type, Byte.toUnsignedLong(cursor.readByte(what)));
      case INT8 -> new GgufValue.Whole(type, cursor.readByte(what));
      case UINT16 -> new GgufValue.Whole(type, Short.toUnsignedLong(cursor.readShort(what)));
      case INT16 -> new GgufValue.Whole(type, cursor.readShort(what));
      case UINT32 -> new GgufValue.Whole(type, Integer.toUnsignedLong(cursor.readInt(what)));
      case INT32 -> new GgufValue.Whole(type, cursor.readInt(what));
      case UINT64, INT64 -> new GgufValue.Whole(type, cursor.readLong(what));
      case FLOAT32 -> new GgufValue.Real(type, Float.intBitsToFloat(cursor.readInt(what)));
      case FLOAT64 -> new GgufValue.Real(type, Double.longBitsToDouble(cursor.readLong(what)));
      case BOOL -> new GgufValue.Bool(readFlag(cursor, what));
      case STRING -> new GgufValue.Text(cursor.readText(what));
      case ARRAY -> readArray(cursor, what, depth);
    };
  }

  private static boolean readFlag(GgufCursor cursor, String what) throws GgufException {
    byte value = cursor.readByte(what);
    if (value != 0 && value != 1) {
      throw cursor.damaged("%s must be 0 or 1, found %d".formatted(what, value));
    }
    return value == 1;
  }

  private static GgufValue.Array readArray(GgufCursor cursor, String what, int depth)
      throws GgufException {
    if (depth == MAX_DEPTH) {
      throw cursor.damaged("%s has arrays in arrays, more than %d deep".formatted(what, MAX_DEPTH));
    }
    GgufValueType elements = readType(cursor, "an element of " + what);
    int count = cursor.readCount(elements.leastBytes(), "elements of " + what);
    List<GgufValue> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(readValue(cursor, elements, what, depth + 1));
    }
    return new GgufValue.Array(elements, values);
  }

  private static int alignment(GgufCursor cursor, GgufMetadata metadata) throws GgufException {
    int alignment = metadata.findSize(ALIGNMENT).orElse(DEFAULT_ALIGNMENT);
    if (Integer.bitCount(alignment) != 1) {
      throw cursor.damaged(
          "metadata '%s' must be a power of 2, found %d".formatted(ALIGNMENT, alignment));
    }
    return alignment;
  }

  private static Entry readTensor(GgufCursor cursor, String name, int alignment)
      throws GgufException {
    String what = "tensor '%s'".formatted(name);
    List<Long> shape = readShape(cursor, what);
    int code = cursor.readInt("the type of " + what);
    GgufType type =
        GgufType.ofCode(code)
            .orElseThrow(() ->
                new GgufException(
                    "%s: %s has the type %d, which is not one of %s; quantize the model to one of these"
                        .formatted(cursor.file(), what, code, Arrays.toString(GgufType.values()))));
    if (!type.fits(shape.getLast())) {
      throw cursor.damaged(
          "%s: rows of %d elements are no whole number of blocks of %s, which have %d"
              .formatted(what, shape.getLast(), type, type.blockElements()));
    }
    long offset = cursor.readLong("the offset of " + what);
    if (offset < 0 || offset % alignment != 0) {
      throw cursor.damaged(
          "%s: the offset %s is not a multiple of %d"
              .formatted(what, Long.toUnsignedString(offset), alignment));
    }
    return new Entry(type, shape, offset);
  }

  private static List<Long> readShape(GgufCursor cursor, String what) throws GgufException {
    int dimensions = cursor.readInt("the number of dimensions of " + what);
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw cursor.damaged(
          "%s has %s dimensions; allowed are 1 to %d"
              .formatted(what, Integer.toUnsignedString(dimensions), MAX_DIMENSIONS));
    }
    Long[] shape = new Long[dimensions];
    long elements = 1;
    for (int i = dimensions - 1; i >= 0; i--) {
      shape[i] = cursor.readLong("the shape of " + what);
      long high = Math.multiplyHigh(elements, shape[i]);
      elements *= shape[i];
      if (shape[i] < 1 || shape[i] > Integer.MAX_VALUE || high != 0 || elements > MAX_ELEMENTS) {
        throw cursor.damaged(
            "%s has a dimension of %s, which is 0 or too large"
                .formatted(what, Long.toUnsignedString(shape[i])));
      }
    }
    return List.of(shape);
  }
}
