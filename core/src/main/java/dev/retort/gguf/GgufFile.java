package dev.retort.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SequencedMap;

/// An open GGUF file, mapped into memory: a tensor's bytes are read from the disk when they are
/// first touched. All that precedes the data is checked on opening, by the rules of [the
/// format](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
///
/// A model that was split over several files (`…-00001-of-00004.gguf`) is opened by any of them;
/// the metadata are the first file's.
///
/// Tensors may be read by any thread until [#close]; later they fail with [IllegalStateException].
public final class GgufFile implements AutoCloseable {

  private final Arena arena;
  private final List<Path> files;
  private final GgufMetadata metadata;
  private final SequencedMap<String, GgufTensor> tensors;

  private GgufFile(
      Arena arena,
      List<Path> files,
      GgufMetadata metadata,
      SequencedMap<String, GgufTensor> tensors) {
    this.arena = arena;
    this.files = files;
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /// Maps `file`, and the others of its split model if there are any, and checks their headers.
  ///
  /// @throws GgufException when a file breaks a rule of the format, has a tensor of a type that
  ///   Retort does not know, or does not fit the others
  /// @throws IOException when a file cannot be read
  public static GgufFile open(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      Part opened = map(file, arena);
      Optional<GgufSplit> split = GgufSplit.of(file, opened.metadata());
      if (split.isEmpty()) {
        return new GgufFile(arena, List.of(file), opened.metadata(), opened.tensors());
      }
      GgufMetadata metadata = opened.metadata();
      SequencedMap<String, GgufTensor> tensors = new LinkedHashMap<>();
      List<Path> files = split.get().files();
      for (int i = 0; i < files.size(); i++) {
        Part part = map(files.get(i), arena);
        split.get().requirePart(i, files.get(i), part.metadata());
        metadata = i == 0 ? part.metadata() : metadata;
        addAll(tensors, part.tensors(), files.get(i));
      }
      split.get().requireAll(tensors.size());
      return new GgufFile(arena, files, metadata, tensors);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// The files that the model is in, in order.
  public List<Path> files() {
    return files;
  }

  /// What the model says of itself.
  public GgufMetadata metadata() {
    return metadata;
  }

  /// The tensors by name, in the order of the file.
  public SequencedMap<String, GgufTensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  /// The tensor `name`.
  ///
  /// @throws NoSuchElementException when the model has no such tensor
  public GgufTensor get(String name) {
    GgufTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new NoSuchElementException(
          "%s: no tensor '%s' among its %d".formatted(metadata.origin(), name, tensors.size()));
    }
    return tensor;
  }

  /// Unmaps all files.
  @Override
  public void close() {
    arena.close();
  }

  /// One file of a model.
  private record Part(GgufMetadata metadata, SequencedMap<String, GgufTensor> tensors) {}

  private static Part map(Path file, Arena arena) throws IOException {
    MemorySegment mapped;
    try (FileChannel channel = FileChannel.open(file)) {
      mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    }
    GgufCursor cursor = new GgufCursor(file, mapped);
    GgufHeader header = GgufHeader.read(cursor);
    requireData(cursor, header, mapped.byteSize());
    SequencedMap<String, GgufTensor> tensors = new LinkedHashMap<>();
    header
        .tensors()
        .forEach((name, entry) ->
            tensors.put(
                name,
                new GgufTensor(
                    name,
                    entry.type(),
                    entry.shape(),
                    mapped.asSlice(
                        header.dataAt() + entry.offset(), entry.end() - entry.offset()))));
    return new Part(header.metadata(), tensors);
  }

  /// Checks that every tensor lies within the file and none within another.
  private static void requireData(GgufCursor cursor, GgufHeader header, long size)
      throws GgufException {
    List<Map.Entry<String, GgufHeader.Entry>> byOffset =
        header.tensors().entrySet().stream()
            .sorted(
                Map.Entry.comparingByValue(
                    (one, other) -> Long.compare(one.offset(), other.offset())))
            .toList();
    long data = Math.max(0, size - header.dataAt());
    long end = 0;
    for (Map.Entry<String, GgufHeader.Entry> tensor : byOffset) {
      GgufHeader.Entry entry = tensor.getValue();
      if (entry.offset() < end) {
        throw cursor.damaged(
            "tensor '%s' begins at byte %d of the data, within the tensor before it, which ends at %d"
                .formatted(tensor.getKey(), entry.offset(), end));
      }
      long bytes = entry.type().bytes(entry.shape());
      if (entry.offset() > data || bytes > data - entry.offset()) {
        throw cursor.damaged(
            "tensor '%s' should take %d bytes from byte %d of the data on, but there are only %d"
                .formatted(tensor.getKey(), bytes, entry.offset(), data));
      }
      end = entry.offset() + bytes;
    }
  }

  private static void addAll(
      SequencedMap<String, GgufTensor> all, SequencedMap<String, GgufTensor> part, Path file)
      throws GgufException {
    for (Map.Entry<String, GgufTensor> tensor : part.entrySet()) {
      if (all.put(tensor.getKey(), tensor.getValue()) != null) {
        throw new GgufException(
            "%s: tensor '%s' is in an earlier file of the split model too; split it again"
                .formatted(file, tensor.getKey()));
      }
    }
  }
}
