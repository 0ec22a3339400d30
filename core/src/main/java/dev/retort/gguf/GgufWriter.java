package dev.retort.gguf;

import dev.retort.io.Aside;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes GGUF files of version 3. A reader sees the old file or the whole new one, never a part.
/// Tensors are read, rounded and written row by row.
public final class GgufWriter {

  private static final int VERSION = 3;

  /// The longest name that llama.cpp reads, in bytes.
  private static final int MAX_NAME = 63;

  /// A tensor to be written.
  ///
  /// @param type how it is to be stored; its rows must be whole blocks
  /// @param rows the weights, which must be finite and within the type's range
  public record Entry(String name, GgufType type, FloatRows rows) {}

  private GgufWriter() {}

  /// Writes `file`, replacing it. Blocks of a [GgufTensor] that has the wanted type already are
  /// copied bit by bit.
  ///
  /// @throws GgufException when a tensor cannot be stored in its type
  /// @throws IOException when the file cannot be written; an old file of that name is then unharmed
  public static void write(Path file, GgufMetadata metadata, List<Entry> tensors)
      throws IOException {
    requireStorable(file, tensors);
    int alignment = metadata.findSize(GgufHeader.ALIGNMENT).orElse(GgufHeader.DEFAULT_ALIGNMENT);
    byte[] header = header(metadata, tensors, alignment);
    Aside.file(
        file,
        aside -> {
          try (FileChannel channel =
              FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(channel, header);
            for (Entry tensor : tensors) {
              pad(channel, alignment);
              write(channel, file, tensor);
            }
            pad(channel, alignment);
          }
        });
  }

  private static void requireStorable(Path file, List<Entry> tensors) throws GgufException {
    Set<String> names = new HashSet<>();
    for (Entry tensor : tensors) {
      String name = tensor.name();
      if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME || !names.add(name)) {
        throw new GgufException(
            "%s: tensor '%s' cannot be written: a name is used once and has at most %d bytes"
                .formatted(file, name, MAX_NAME));
      }
      if (!tensor.type().fits(tensor.rows().columns())) {
        throw new GgufException(
            "%s: tensor '%s' has rows of %d elements, which are no whole number of blocks of %s (%d elements); use another type"
                .formatted(
                    file,
                    name,
                    tensor.rows().columns(),
                    tensor.type(),
                    tensor.type().blockElements()));
      }
    }
  }

  private static byte[] header(GgufMetadata metadata, List<Entry> tensors, int alignment) {
    GgufBuffer buffer = new GgufBuffer();
    buffer.putInt(GgufHeader.MAGIC).putInt(VERSION).putLong(tensors.size());
    buffer.putLong(metadata.values().size());
    metadata.values().forEach((key, value) -> buffer.putText(key).putTyped(value));
    long offset = 0;
    for (Entry tensor : tensors) {
      List<Long> shape = tensor.rows().shape();
      buffer.putText(tensor.name()).putInt(shape.size());
      shape.reversed().forEach(buffer::putLong);
      buffer.putInt(tensor.type().code()).putLong(offset);
      offset = GgufHeader.align(offset + tensor.type().bytes(shape), alignment);
    }
    return buffer.toBytes();
  }

  private static void write(FileChannel channel, Path file, Entry tensor) throws IOException {
    FloatRows rows = tensor.rows();
    int columns = rows.columns();
    float[] values = new float[columns];
    byte[] bytes = new byte[tensor.type().rowBytes(columns)];
    GgufBuffer buffer = new GgufBuffer();
    for (long row = 0; row < rows.rows(); row++) {
      if (rows instanceof GgufTensor stored && stored.type() == tensor.type()) {
        buffer.putBytes(stored.row(row));
      } else {
        rows.read(row, values);
        tensor.type().requireInRange("%s: tensor '%s'".formatted(file, tensor.name()), row, values);
        tensor.type().encode(values, columns, bytes);
        buffer.putBytes(bytes);
      }
      if (buffer.size() >= GgufBuffer.FLUSH_BYTES) {
        write(channel, buffer.toBytes());
        buffer.clear();
      }
    }
    write(channel, buffer.toBytes());
  }

  private static void pad(FileChannel channel, int alignment) throws IOException {
    long position = channel.position();
    write(channel, new byte[(int) (GgufHeader.align(position, alignment) - position)]);
  }

  private static void write(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
