package dev.retort.signal;

import dev.retort.io.Sha256;
import dev.retort.tensor.DType;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;

/// What one teacher has said about tokens, through one codec, by content: a sequence's key leads to
/// the rows of all its tokens that are learnt.
///
/// On disk it is a folder of safetensors shards and an SQLite index of keys, which also says of
/// each shard how many tokens it answers for, in how many bytes, and what the codec lost. A shard
/// has all rows, `rows` (`UINT8`), where each sequence's begin and the last one's end, `offsets`
/// `[S + 1]`, how many these are, `tokens` `[S]`, and what the codec lost, `errors` `[S]`. It is
/// mapped into memory, so that rows are read when they are asked for. It is written aside, renamed,
/// and only then entered in the index, in one transaction: a crash loses at most the answers that
/// were not flushed. A shard whose checksum is wrong is named and refused, never half-read.
public final class TokenStore implements AutoCloseable {

  /// Bytes gathered in memory before they become a shard.
  private static final long SHARD_BYTES = 4 << 20;

  /// A file of answers, as the index has it.
  ///
  /// @param file name within the store's folder
  /// @param tokens rows that it answers for
  /// @param bytes that these take, without what leads to them
  /// @param error mean over the rows of what their codec lost
  public record Shard(String file, long tokens, long bytes, double error) {}

  /// Where an answer lies.
  private record Place(MemorySegment rows, int tokens, double error) {}

  private final Path folder;
  private final SignalIndex index;
  private final String fingerprint;
  private final Map<String, Place> known = new HashMap<>();
  private final List<Shard> shards = new ArrayList<>();
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final SequencedMap<String, TokenAnswer> pending = new LinkedHashMap<>();
  private long pendingBytes;

  private TokenStore(Path folder, SignalIndex index, String fingerprint) {
    this.folder = folder;
    this.index = index;
    this.fingerprint = fingerprint;
  }

  /// Opens the part of the store in `folder` that belongs to this fingerprint.
  ///
  /// @param fingerprint hash of all that the answers depend on: the teacher, and the codec
  /// @throws SignalStoreException if a shard is missing or damaged
  public static TokenStore open(Path folder, String fingerprint) throws IOException {
    Files.createDirectories(folder);
    TokenStore store =
        new TokenStore(folder, SignalIndex.open(folder.resolve("index.sqlite")), fingerprint);
    try {
      for (SignalIndex.Shard shard : store.index.shards(fingerprint)) {
        store.load(shard);
      }
      return store;
    } catch (IOException | RuntimeException e) {
      store.release();
      throw e;
    }
  }

  private void load(SignalIndex.Shard shard) throws IOException {
    Path file = folder.resolve(shard.file());
    shard.verify(file);
    SignalIndex.Measures measures =
        index
            .measures(shard)
            .orElseThrow(() -> SignalStoreException.damaged(file, "it answers for no tokens"));
    SafetensorsFile tensors = SafetensorsFile.open(file);
    files.add(tensors);
    long[] offsets = tensors.get("offsets").toLongs();
    long[] tokens = tensors.get("tokens").toLongs();
    float[] errors = tensors.get("errors").toFloats();
    MemorySegment rows = tensors.get("rows").bytes();
    List<String> keys = index.keys(shard);
    if (tokens.length != keys.size() || offsets.length != keys.size() + 1) {
      throw SignalStoreException.damaged(
          file, "it has %d sequences, the index %d".formatted(tokens.length, keys.size()));
    }
    for (int i = 0; i < keys.size(); i++) {
      MemorySegment own = rows.asSlice(offsets[i], offsets[i + 1] - offsets[i]);
      known.put(keys.get(i), new Place(own, Math.toIntExact(tokens[i]), errors[i]));
    }
    shards.add(new Shard(shard.file(), measures.tokens(), measures.bytes(), measures.error()));
  }

  /// Whether the teacher was asked about the sequence with this key.
  public synchronized boolean has(String key) {
    return known.containsKey(key) || pending.containsKey(key);
  }

  /// What the teacher said about the sequence with this key, if it was asked.
  public synchronized Optional<TokenAnswer> get(String key) {
    Place place = known.get(key);
    return place == null
        ? Optional.ofNullable(pending.get(key))
        : Optional.of(
            new TokenAnswer(
                place.rows().toArray(ValueLayout.JAVA_BYTE), place.tokens(), place.error()));
  }

  /// How many sequences the teacher was asked about.
  public synchronized int size() {
    return known.size() + pending.size();
  }

  /// The shards that are on disk, in the order they were written.
  public synchronized List<Shard> shards() {
    return List.copyOf(shards);
  }

  /// Remembers answers by key, but for those that are known; they are on disk after [#flush], all
  /// of them together.
  public synchronized void put(SequencedMap<String, TokenAnswer> answers) {
    answers.forEach((key, answer) -> {
      if (!has(key)) {
        pending.put(key, answer);
        pendingBytes += answer.rows().length;
      }
    });
    if (pendingBytes >= SHARD_BYTES) {
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
      // The name is this store's own, whoever else writes into the folder at the same time.
      String name =
          "tokens-%06d-%s.safetensors"
              .formatted(shards.size(), UUID.randomUUID().toString().substring(0, 8));
      Path file = folder.resolve(name);
      SafetensorsWriter.write(file, tensors(), Map.of("fingerprint", fingerprint));
      long tokens = pending.values().stream().mapToLong(TokenAnswer::tokens).sum();
      double error = pending.values().stream().mapToDouble(TokenAnswer::error).sum();
      SignalIndex.Shard shard = new SignalIndex.Shard(fingerprint, name, Sha256.ofFile(file));
      index.add(
          shard,
          List.copyOf(pending.sequencedKeySet()),
          Optional.of(new SignalIndex.Measures(tokens, pendingBytes, error / tokens)));
      load(shard);
      pending.clear();
      pendingBytes = 0;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: the teacher's answers cannot be written: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private SequencedMap<String, RawTensor> tensors() {
    byte[] rows = new byte[Math.toIntExact(pendingBytes)];
    long[] offsets = new long[pending.size() + 1];
    long[] tokens = new long[pending.size()];
    float[] errors = new float[pending.size()];
    int i = 0;
    for (TokenAnswer answer : pending.values()) {
      byte[] own = answer.rows();
      System.arraycopy(own, 0, rows, (int) offsets[i], own.length);
      tokens[i] = answer.tokens();
      errors[i] = (float) answer.error();
      offsets[i + 1] = offsets[i] + own.length;
      i++;
    }
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    tensors.put("offsets", RawTensor.longs(offsets, offsets.length));
    tensors.put("tokens", RawTensor.longs(tokens, tokens.length));
    tensors.put("errors", RawTensor.floats(errors, errors.length));
    tensors.put(
        "rows",
        new RawTensor(DType.UINT8, List.of((long) rows.length), MemorySegment.ofArray(rows)));
    return tensors;
  }

  /// Writes what is still in memory.
  @Override
  public synchronized void close() {
    try {
      flush();
    } finally {
      release();
    }
  }

  private void release() {
    files.forEach(SafetensorsFile::close);
    index.close();
  }
}
