package dev.retort.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/// An open safetensors file, mapped into memory: a tensor's bytes are read from the disk when they
/// are first touched. The whole header is checked on opening, by the rules of the format: see [the
/// format](https://github.com/huggingface/safetensors#format).
///
/// Tensors from [#get] are views of the mapping and may be read by any thread until [#close]; later
/// they fail with [IllegalStateException].
public final class SafetensorsFile implements AutoCloseable {

  static final String ADVICE = "; the file is damaged: fetch or write it again";

  /// The largest header that the format allows, in bytes.
  private static final long MAX_HEADER = 100_000_000;

  private static final int NEAR_NAMES = 3;

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path file, Arena arena, MemorySegment data, SafetensorsHeader header) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.header = header;
  }

  /// Maps `file` and checks its header.
  ///
  /// @throws SafetensorsException when the file breaks a rule of the format
  /// @throws IOException when the file cannot be read
  public static SafetensorsFile open(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      return open(file, arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static SafetensorsFile open(Path file, Arena arena, MemorySegment mapped)
      throws SafetensorsException {
    if (mapped.byteSize() < Long.BYTES) {
      throw new SafetensorsException(
          file,
          "expected at least %d bytes, found %d%s"
              .formatted(Long.BYTES, mapped.byteSize(), ADVICE));
    }
    long length = mapped.get(RawTensor.LONG, 0);
    long available = mapped.byteSize() - Long.BYTES;
    if (length < 0 || length > Math.min(available, MAX_HEADER)) {
      throw new SafetensorsException(
          file,
          "the header should be %s bytes long, but %d follow, and at most %d are allowed%s"
              .formatted(Long.toUnsignedString(length), available, MAX_HEADER, ADVICE));
    }
    byte[] json = mapped.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = mapped.asSlice(Long.BYTES + length);
    SafetensorsHeader header = SafetensorsHeader.parse(file, json, data.byteSize());
    return new SafetensorsFile(file, arena, data, header);
  }

  /// The names of the tensors, in the order of their data.
  public Set<String> names() {
    return Collections.unmodifiableSet(header.entries().keySet());
  }

  /// The texts under `__metadata__`, such as `format` = `pt`.
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /// The tensor `name`, as a view of the file.
  ///
  /// @throws NoSuchElementException when the file has no such tensor; the message lists near names
  public RawTensor get(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new NoSuchElementException(
          "%s: no tensor '%s' among its %d; the nearest are %s"
              .formatted(file, name, names().size(), nearest(name)));
    }
    MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
    return new RawTensor(entry.dtype(), entry.shape(), bytes);
  }

  /// Unmaps the file.
  @Override
  public void close() {
    arena.close();
  }

  private List<String> nearest(String name) {
    return names().stream()
        .sorted(Comparator.comparingInt(known -> distance(name, known)))
        .limit(NEAR_NAMES)
        .toList();
  }

  /// The edit distance of Levenshtein (1966), one row of the table at a time.
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
