package dev.retort.signal;

import dev.retort.io.Sha256;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What one teacher has said, by content: a text's key leads to the teacher's logits, whatever the
/// epoch, order or batch it was asked in.
///
/// On disk it is a folder of safetensors shards, `signals` `[rows, width]` each, and an SQLite
/// index of keys. A shard is written aside, renamed, and only then entered in the index, in one
/// transaction; a crash loses at most the answers that were not flushed. A shard whose checksum is
/// wrong is named and refused, never half-read.
public final class SignalStore implements AutoCloseable {

  /// Rows gathered in memory before they become a shard.
  private static final int SHARD_ROWS = 8192;

  private final Path folder;
  private final SignalIndex index;
  private final String teacher;
  private final int width;
  private final Map<String, float[]> known = new HashMap<>();
  private final SequencedMap<String, float[]> pending = new LinkedHashMap<>();

  private SignalStore(Path folder, SignalIndex index, String teacher, int width) {
    this.folder = folder;
    this.index = index;
    this.teacher = teacher;
    this.width = width;
  }

  /// Opens the part of the store in `folder` that belongs to the teacher with this fingerprint.
  ///
  /// @param width how many logits a row has
  /// @throws SignalStoreException if a shard is missing or damaged
  public static SignalStore open(Path folder, String teacher, int width) throws IOException {
    Files.createDirectories(folder);
    SignalStore store =
        new SignalStore(folder, SignalIndex.open(folder.resolve("index.sqlite")), teacher, width);
    try {
      for (SignalIndex.Shard shard : store.index.shards(teacher)) {
        store.load(shard);
      }
      return store;
    } catch (IOException | RuntimeException e) {
      store.index.close();
      throw e;
    }
  }

  private void load(SignalIndex.Shard shard) throws IOException {
    Path file = folder.resolve(shard.file());
    shard.verify(file);
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      RawTensor signals = tensors.get("signals");
      if (signals.shape().getLast() != width) {
        throw SignalStoreException.damaged(
            file, "its rows have %d values, not %d".formatted(signals.shape().getLast(), width));
      }
      float[] values = signals.toFloats();
      List<String> keys = index.keys(shard);
      for (int row = 0; row < keys.size(); row++) {
        known.put(
            keys.get(row), java.util.Arrays.copyOfRange(values, row * width, (row + 1) * width));
      }
    }
  }

  /// What the teacher said about the text with this key, if it was asked.
  public synchronized Optional<float[]> get(String key) {
    return Optional.ofNullable(known.get(key));
  }

  /// How many texts the teacher was asked about.
  public synchronized int size() {
    return known.size();
  }

  /// Remembers the teacher's logits `rows[i]` for `keys[i]`, where it has said nothing yet; they
  /// are on disk after [#flush].
  public synchronized void put(List<String> keys, float[][] rows) {
    for (int i = 0; i < keys.size(); i++) {
      if (rows[i].length != width) {
        throw new IllegalArgumentException(
            "a row of %d values in a store of rows of %d".formatted(rows[i].length, width));
      }
      if (known.putIfAbsent(keys.get(i), rows[i]) == null) {
        pending.put(keys.get(i), rows[i]);
      }
    }
    if (pending.size() >= SHARD_ROWS) {
      flush();
    }
  }

  /// Writes what is only in memory as one shard.
  ///
  /// @throws UncheckedIOException if it cannot be written; nothing in memory is lost then
  public synchronized void flush() {
    if (pending.isEmpty()) {
      return;
    }
    try {
      List<String> keys = new ArrayList<>(pending.sequencedKeySet());
      String name = "signals-%s-%06d.safetensors".formatted(teacher.substring(0, 12), next());
      Path file = folder.resolve(name);
      SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
      tensors.put("signals", RawTensor.floats(flat(), keys.size(), width));
      SafetensorsWriter.write(file, tensors, Map.of("teacher", teacher));
      index.add(new SignalIndex.Shard(teacher, name, Sha256.ofFile(file)), keys);
      pending.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: the teacher's answers cannot be written: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private int next() throws IOException {
    int number = 0;
    while (Files.exists(
        folder.resolve(
            "signals-%s-%06d.safetensors".formatted(teacher.substring(0, 12), number)))) {
      number++;
    }
    return number;
  }

  private float[] flat() {
    float[] values = new float[pending.size() * width];
    int row = 0;
    for (float[] logits : pending.sequencedValues()) {
      System.arraycopy(logits, 0, values, row++ * width, width);
    }
    return values;
  }

  /// Flushes and closes the index.
  @Override
  public synchronized void close() {
    flush();
    index.close();
  }
}
