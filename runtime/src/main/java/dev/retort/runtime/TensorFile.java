package dev.retort.runtime;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A safetensors file of matrices, mapped into memory: a row is read from the disk when a text
/// first uses it.
final class TensorFile implements AutoCloseable {

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final Set<String> TYPES = Set.of("F32", "F16");

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final JsonNode header;

  private TensorFile(Path file, Arena arena, MemorySegment data, JsonNode header) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.header = header;
  }

  /// Maps `file` and reads its header.
  ///
  /// @throws StudentException if it is no safetensors file
  static TensorFile open(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      long length = mapped.byteSize() < Long.BYTES ? -1 : mapped.get(LENGTH, 0);
      if (length < 0 || length > mapped.byteSize() - Long.BYTES) {
        throw damaged(file, "its header is cut short");
      }
      byte[] json = mapped.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
      MemorySegment data = mapped.asSlice(Long.BYTES + length);
      return new TensorFile(file, arena, data, JsonMapper.shared().readTree(json));
    } catch (JacksonException e) {
      arena.close();
      throw damaged(file, "its header is not JSON");
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// Whether there is a tensor of this name.
  boolean has(String name) {
    return header.has(name);
  }

  /// The matrix `name`; a vector is a matrix of one row.
  ///
  /// @throws StudentException if it is missing, misshapen or of another type than 16 or 32 bits
  Matrix matrix(String name) {
    JsonNode entry = header.path(name);
    JsonNode shape = entry.path("shape");
    String type = entry.path("dtype").asString("");
    if (!TYPES.contains(type) || shape.isEmpty() || shape.size() > 2) {
      throw damaged(file, "it has no matrix '%s' of type F32 or F16".formatted(name));
    }
    long rows = shape.size() == 1 ? 1 : shape.get(0).asLong();
    long columns = shape.get(shape.size() - 1).asLong();
    long width = type.equals("F16") ? Short.BYTES : Float.BYTES;
    long begin = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    if (rows < 1
        || columns < 1
        || columns > Integer.MAX_VALUE
        || rows > Integer.MAX_VALUE
        || begin < 0
        || end > data.byteSize()
        || end - begin != rows * columns * width) {
      throw damaged(file, "'%s' does not fit into it".formatted(name));
    }
    MemorySegment bytes = data.asSlice(begin, end - begin);
    return new Matrix(bytes, (int) rows, (int) columns, type.equals("F16"));
  }

  private static StudentException damaged(Path file, String problem) {
    return new StudentException(
        "%s is damaged: %s. %s".formatted(file, problem, StudentFolder.EXPORT_AGAIN));
  }

  /// Unmaps the file. Nobody may be reading a matrix any more.
  @Override
  public void close() {
    arena.close();
  }
}
