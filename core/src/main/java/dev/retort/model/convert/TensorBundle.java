package dev.retort.model.convert;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.retort.tensor.DType;
import dev.retort.tensor.RawTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The variables of a TensorFlow checkpoint or SavedModel: an index, `variables.index`, and the
/// elements in `variables.data-00000-of-00001` and its siblings, mapped into memory.
///
/// Tensors from [#get] are views of the mapping, good until [#close].
final class TensorBundle implements AutoCloseable {

  private static final String HEADER = "";

  private final String place;
  private final Arena arena;
  private final List<MemorySegment> shards;
  private final SequencedMap<String, BundleEntry> entries;

  private TensorBundle(
      String place,
      Arena arena,
      List<MemorySegment> shards,
      SequencedMap<String, BundleEntry> entries) {
    this.place = place;
    this.arena = arena;
    this.shards = shards;
    this.entries = entries;
  }

  /// Reads the index and maps the data.
  ///
  /// @param place what messages call the folder
  /// @param folder the folder with the files
  /// @throws ConversionException when a file is missing or damaged
  static TensorBundle open(String place, Path folder) throws IOException {
    String name = place + "/variables.index";
    Path index = folder.resolve("variables.index");
    requireFile(index, name);
    SequencedMap<String, byte[]> table = SortedTable.read(name, Files.readAllBytes(index));
    try {
      int count = shards(name, table.remove(HEADER));
      SequencedMap<String, BundleEntry> entries = new LinkedHashMap<>();
      for (Map.Entry<String, byte[]> entry : table.entrySet()) {
        entries.put(entry.getKey(), BundleEntry.parse(entry.getValue()));
      }
      return map(place, folder, count, entries);
    } catch (InvalidProtocolBufferException e) {
      throw new ConversionException(
          "%s: not an index of variables (%s); fetch the file again"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private static TensorBundle map(
      String place, Path folder, int count, SequencedMap<String, BundleEntry> entries)
      throws IOException {
    Arena arena = Arena.ofConfined();
    try {
      List<MemorySegment> shards = new ArrayList<>();
      for (int shard = 0; shard < count; shard++) {
        Path data = folder.resolve(shardName(shard, count));
        requireFile(data, place + "/" + data.getFileName());
        try (FileChannel channel = FileChannel.open(data)) {
          shards.add(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        }
      }
      return new TensorBundle(place, arena, shards, entries);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// The names of the variables, sorted.
  Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /// The variable `name`, which must hold 32-bit floats.
  ///
  /// @throws ConversionException when it is of another type, not in the data, or damaged
  RawTensor get(String name) throws ConversionException {
    BundleEntry entry = entries.get(name);
    if (entry == null) {
      throw new ConversionException("%s: there is no variable '%s'".formatted(place, name));
    }
    if (entry.type() != BundleEntry.FLOAT || entry.sliced()) {
      throw new ConversionException(
          "%s: variable '%s' must hold 32-bit floats in one piece (type %d), found %s of type %d"
              .formatted(
                  place,
                  name,
                  BundleEntry.FLOAT,
                  entry.sliced() ? "slices" : "one piece",
                  entry.type()));
    }
    MemorySegment bytes = bytes(name, entry);
    int found = MaskedCrc32c.of(bytes);
    if (found != entry.checksum()) {
      throw new ConversionException(
          "%s: variable '%s' has the checksum %08x, expected %08x; fetch the file again"
              .formatted(shardPlace(entry), name, found, entry.checksum()));
    }
    try {
      return new RawTensor(DType.FLOAT32, entry.shape(), bytes);
    } catch (IllegalArgumentException e) {
      throw new ConversionException(
          "%s: variable '%s': %s; fetch the file again".formatted(place, name, e.getMessage()), e);
    }
  }

  private MemorySegment bytes(String name, BundleEntry entry) throws ConversionException {
    boolean shard = entry.shard() >= 0 && entry.shard() < shards.size();
    long available = shard ? shards.get(entry.shard()).byteSize() : 0;
    if (entry.size() < 0 || entry.offset() < 0 || entry.offset() > available - entry.size()) {
      throw new ConversionException(
          "%s: variable '%s' should be %d bytes at byte %d, but the file has %d; fetch it again"
              .formatted(shardPlace(entry), name, entry.size(), entry.offset(), available));
    }
    return shards.get(entry.shard()).asSlice(entry.offset(), entry.size());
  }

  private String shardPlace(BundleEntry entry) {
    return place + "/" + shardName(entry.shard(), shards.size());
  }

  /// Unmaps the data.
  @Override
  public void close() {
    arena.close();
  }

  /// The number of files with data, from the header of the index.
  private static int shards(String place, byte @Nullable [] header) throws IOException {
    if (header == null) {
      throw new ConversionException(
          "%s: the index has no header; fetch the file again".formatted(place));
    }
    int shards = 0;
    int endianness = 0;
    CodedInputStream in = CodedInputStream.newInstance(header);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> shards = in.readInt32();
        case 2 -> endianness = in.readEnum();
        default -> in.skipField(tag);
      }
    }
    if (endianness != 0) {
      throw new ConversionException(
          "%s: the variables are big-endian; write the model on a little-endian machine"
              .formatted(place));
    }
    return shards;
  }

  private static String shardName(int shard, int count) {
    return "variables.data-%05d-of-%05d".formatted(shard, count);
  }

  private static void requireFile(Path file, String name) throws ConversionException {
    if (!Files.isRegularFile(file)) {
      throw new ConversionException(
          "%s is missing; a model of TensorFlow holds an index and its data".formatted(name));
    }
  }
}
