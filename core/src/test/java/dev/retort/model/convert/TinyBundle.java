package dev.retort.model.convert;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Writes variables as TensorFlow does: an index with two entries a block, and one file with data.
final class TinyBundle {

  private static final int ENTRIES_PER_BLOCK = 2;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  private final SortedMap<String, byte[]> entries = new TreeMap<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  TinyBundle() {
    entries.put("", header(1, 0));
  }

  /// Adds a variable; the first added lies first in the data.
  void add(String name, List<Long> shape, float... values) {
    byte[] bytes = floats(values);
    entries.put(name, entry(1, shape, data.size(), bytes.length, masked(bytes)));
    data.writeBytes(bytes);
  }

  /// Replaces the entry of a variable in the index.
  void replace(String name, byte[] entry) {
    entries.put(name, entry);
  }

  void remove(String name) {
    entries.remove(name);
  }

  byte[] data() {
    return data.toByteArray();
  }

  byte[] index() {
    return table(entries);
  }

  /// Writes both files.
  Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("variables.index"), index());
    Files.write(folder.resolve("variables.data-00000-of-00001"), data());
    return folder;
  }

  /// A `BundleHeaderProto`.
  static byte[] header(int shards, int endianness) {
    return message(out -> {
      out.writeInt32(1, shards);
      out.writeEnum(2, endianness);
      out.writeByteArray(3, message(version -> version.writeInt32(1, 1)));
    });
  }

  /// A `BundleEntryProto`, which leaves out zeros as protobuf does.
  static byte[] entry(int type, List<Long> shape, long offset, long size, int checksum) {
    byte[] dimensions =
        message(out -> {
          for (long dimension : shape) {
            out.writeByteArray(2, message(dim -> dim.writeInt64(1, dimension)));
          }
        });
    return message(out -> {
      out.writeEnum(1, type);
      out.writeByteArray(2, dimensions);
      if (offset != 0) {
        out.writeInt64(4, offset);
      }
      out.writeInt64(5, size);
      out.writeFixed32(6, checksum);
    });
  }

  /// A table whose keys within a block share their beginnings.
  static byte[] table(SortedMap<String, byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SortedMap<String, byte[]> index = new TreeMap<>();
    SortedMap<String, byte[]> block = new TreeMap<>();
    int left = entries.size();
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      block.put(entry.getKey(), entry.getValue());
      left--;
      if (block.size() == ENTRIES_PER_BLOCK || left == 0) {
        index.put(entry.getKey(), block(out, block, 0));
        block.clear();
      }
    }
    byte[] metaHandle = block(out, new TreeMap<>(), 0);
    byte[] indexHandle = block(out, index, 0);
    out.writeBytes(footer(metaHandle, indexHandle));
    return out.toByteArray();
  }

  /// Writes a block with its trailer and returns its handle.
  static byte[] block(ByteArrayOutputStream out, SortedMap<String, byte[]> entries, int type) {
    byte[] body =
        message(block -> {
          String before = "";
          for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            String key = entry.getKey();
            int shared = shared(before, key);
            block.writeUInt32NoTag(shared);
            block.writeUInt32NoTag(key.length() - shared);
            block.writeUInt32NoTag(entry.getValue().length);
            block.writeRawBytes(key.substring(shared).getBytes(StandardCharsets.UTF_8));
            block.writeRawBytes(entry.getValue());
            before = key;
          }
          block.writeFixed32NoTag(0); // the only whole key
          block.writeFixed32NoTag(1);
          block.write((byte) type);
        });
    byte[] handle = handle(out.size(), body.length - 1);
    out.writeBytes(body);
    out.writeBytes(message(trailer -> trailer.writeFixed32NoTag(masked(body))));
    return handle;
  }

  static byte[] handle(long offset, long size) {
    return message(out -> {
      out.writeUInt64NoTag(offset);
      out.writeUInt64NoTag(size);
    });
  }

  static byte[] footer(byte[] metaHandle, byte[] indexHandle) {
    return ByteBuffer.allocate(48)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(metaHandle)
        .put(indexHandle)
        .putLong(40, MAGIC)
        .array();
  }

  static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    return ((value >>> 15) | (value << 17)) + 0xa282ead8;
  }

  private static int shared(String one, String other) {
    int length = 0;
    while (length < Math.min(one.length(), other.length())
        && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return length;
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private interface Message {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Message content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      content.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
