package dev.retort.model.convert;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Reads the sorted tables that LevelDB defines and in which TensorFlow indexes variables: see [the
/// format](https://github.com/google/leveldb/blob/main/doc/table_format.md). Every block's checksum
/// is verified; compressed blocks, which TensorFlow does not write here, are refused. Keys are read
/// as Latin-1, one character a byte.
///
/// @param place what messages call the table
/// @param file its bytes
record SortedTable(String place, ByteBuffer file) {

  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final byte UNCOMPRESSED = 0;

  /// Where a block lies.
  private record Handle(long offset, long size) {

    static Handle read(CodedInputStream in) throws IOException {
      return new Handle(in.readRawVarint64(), in.readRawVarint64());
    }

    static Handle parse(byte[] bytes) throws IOException {
      return read(CodedInputStream.newInstance(bytes));
    }
  }

  /// The values of the table by key, in its order.
  ///
  /// @throws ConversionException when `file` is not such a table, or is damaged
  static SequencedMap<String, byte[]> read(String place, byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    try {
      return new SortedTable(place, bytes).entries();
    } catch (InvalidProtocolBufferException e) {
      throw new ConversionException(
          "%s: a number or length does not fit (%s); fetch the file again"
              .formatted(place, e.getMessage()),
          e);
    }
  }

  private SequencedMap<String, byte[]> entries() throws IOException {
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    for (byte[] handle : entries(block(indexBlock())).values()) {
      entries.putAll(entries(block(Handle.parse(handle))));
    }
    return entries;
  }

  private Handle indexBlock() throws IOException {
    int start = file.limit() - FOOTER_BYTES;
    if (start < 0 || file.getLong(file.limit() - Long.BYTES) != MAGIC) {
      throw new ConversionException(
          "%s: its %d bytes do not end like a table of TensorFlow variables; fetch the file again"
              .formatted(place, file.limit()));
    }
    CodedInputStream footer =
        CodedInputStream.newInstance(file.slice(start, FOOTER_BYTES - Long.BYTES));
    block(Handle.read(footer)); // the meta index, which TensorFlow leaves empty
    return Handle.read(footer);
  }

  private byte[] block(Handle handle) throws ConversionException {
    long end = (long) file.limit() - FOOTER_BYTES - TRAILER_BYTES;
    if (handle.offset() < 0 || handle.size() < 0 || handle.offset() > end - handle.size()) {
      throw new ConversionException(
          "%s: a block of %d bytes at byte %d does not lie in the file; fetch the file again"
              .formatted(place, handle.size(), handle.offset()));
    }
    int from = (int) handle.offset();
    int to = from + (int) handle.size();
    int stored = file.getInt(to + 1);
    int found = MaskedCrc32c.of(MemorySegment.ofBuffer(file.slice(from, to + 1 - from)));
    if (found != stored) {
      throw new ConversionException(
          "%s: the block at byte %d has the checksum %08x, expected %08x; fetch the file again"
              .formatted(place, from, found, stored));
    }
    if (file.get(to) != UNCOMPRESSED) {
      throw new ConversionException(
          "%s: the block at byte %d is compressed (type %d), and Retort reads uncompressed ones;"
                  .formatted(place, from, file.get(to))
              + " write the checkpoint with TensorFlow's own writer");
    }
    byte[] block = new byte[to - from];
    file.get(from, block);
    return block;
  }

  /// The entries of a block: each key is written as the length that it shares with the key before
  /// and the rest; the positions of whole keys, for searching, stand at the end.
  private SequencedMap<String, byte[]> entries(byte[] block) throws IOException {
    int wholeKeys = block.length < Integer.BYTES ? -1 : lastInt(block);
    long end = block.length - Integer.BYTES * (1L + wholeKeys);
    if (wholeKeys < 0 || end < 0) {
      throw new ConversionException(
          "%s: a block of %d bytes has no list of keys; fetch the file again"
              .formatted(place, block.length));
    }
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    CodedInputStream in = CodedInputStream.newInstance(block, 0, (int) end);
    String key = "";
    while (!in.isAtEnd()) {
      int shared = in.readRawVarint32();
      int rest = in.readRawVarint32();
      int value = in.readRawVarint32();
      key = start(key, shared) + new String(in.readRawBytes(rest), StandardCharsets.ISO_8859_1);
      entries.put(key, in.readRawBytes(value));
    }
    return entries;
  }

  private String start(String key, int length) throws ConversionException {
    if (length < 0 || length > key.length()) {
      throw new ConversionException(
          "%s: a key shares %d characters with '%s'; fetch the file again"
              .formatted(place, length, key));
    }
    return key.substring(0, length);
  }

  private static int lastInt(byte[] block) {
    return ByteBuffer.wrap(block)
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt(block.length - Integer.BYTES);
  }
}
