package dev.retort.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes safetensors files. A reader sees the old file or the whole new one, never a part: the
/// bytes go to a file beside the target, reach the disk, and are then renamed.
public final class SafetensorsWriter {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Headers are padded with spaces so that the data starts at a multiple of this.
  private static final int ALIGNMENT = 8;

  private static final int CHUNK_BYTES = 1 << 20;

  private SafetensorsWriter() {}

  /// Writes `tensors` to `file`, replacing it. Types with wider elements come first, so that every
  /// tensor is aligned; within a width the given order is kept. The metadata is sorted by key and
  /// always has a `format`, which is `pt` unless given. The same input gives the same bytes.
  ///
  /// @throws IOException when the file cannot be written; an old file of that name is then unharmed
  public static void write(
      Path file, SequencedMap<String, RawTensor> tensors, Map<String, String> metadata)
      throws IOException {
    SequencedMap<String, TensorSource> sources = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> sources.put(name, TensorSource.of(tensor)));
    writeInParts(file, sources, metadata);
  }

  /// Writes tensors that need not be in memory, in the same form as [#write].
  ///
  /// @throws IOException when the file cannot be written; an old file of that name is then unharmed
  /// @throws IllegalStateException when a tensor's content is not as long as its shape says
  public static void writeInParts(
      Path file, SequencedMap<String, TensorSource> tensors, Map<String, String> metadata)
      throws IOException {
    List<Map.Entry<String, TensorSource>> ordered =
        tensors.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes()))
            .toList();
    byte[] header = header(ordered, metadata);
    Path target = file.toAbsolutePath();
    Path aside = target.resolveSibling(".%s.%s".formatted(target.getFileName(), UUID.randomUUID()));
    try {
      try (FileChannel channel =
          FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeAll(channel, header, ordered);
        channel.force(true);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static byte[] header(
      List<Map.Entry<String, TensorSource>> tensors, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    Map<String, String> texts = new TreeMap<>(metadata);
    texts.putIfAbsent("format", "pt");
    texts.forEach(root.putObject(SafetensorsHeader.METADATA)::put);
    long offset = 0;
    for (Map.Entry<String, TensorSource> entry : tensors) {
      if (entry.getKey().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException(
            "a tensor cannot be named '%s': the format uses it".formatted(entry.getKey()));
      }
      TensorSource tensor = entry.getValue();
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", tensor.dtype().safetensorsName());
      ArrayNode shape = node.putArray("shape");
      tensor.shape().forEach(shape::add);
      node.putArray("data_offsets").add(offset).add(offset += tensor.byteSize());
    }
    String json = root.toString();
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return (json + " ".repeat(-length & (ALIGNMENT - 1))).getBytes(StandardCharsets.UTF_8);
  }

  private static void writeAll(
      FileChannel channel, byte[] header, List<Map.Entry<String, TensorSource>> tensors)
      throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(channel, length.putLong(header.length).flip());
    write(channel, ByteBuffer.wrap(header));
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (Map.Entry<String, TensorSource> entry : tensors) {
      long begin = channel.position();
      entry.getValue().content().writeTo(bytes -> gather(channel, buffer, bytes));
      write(channel, buffer.flip());
      buffer.clear();
      long written = channel.position() - begin;
      if (written != entry.getValue().byteSize()) {
        throw new IllegalStateException(
            "tensor '%s' has %d bytes, but %d were written"
                .formatted(entry.getKey(), entry.getValue().byteSize(), written));
      }
    }
  }

  /// Adds bytes to the buffer, and writes it whenever it is full.
  private static void gather(FileChannel channel, ByteBuffer buffer, MemorySegment bytes)
      throws IOException {
    for (long at = 0; at < bytes.byteSize(); ) {
      int size = (int) Math.min(buffer.remaining(), bytes.byteSize() - at);
      MemorySegment.copy(bytes, at, MemorySegment.ofBuffer(buffer), 0, size);
      buffer.position(buffer.position() + size);
      at += size;
      if (!buffer.hasRemaining()) {
        write(channel, buffer.flip());
        buffer.clear();
      }
    }
  }

  private static void write(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
