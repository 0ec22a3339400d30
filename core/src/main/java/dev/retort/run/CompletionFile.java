package dev.retort.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A JSONL file of completions that grows while a teacher writes them. What has been appended is on
/// the disk; a line that was cut off in the middle is removed when the file is opened again.
///
/// Every line says by whom and how it was written (`by`) and which prompt it answers (`key`).
final class CompletionFile implements AutoCloseable {

  private static final String BY = "by";
  private static final String KEY = "key";

  private final Path file;
  private final FileChannel channel;
  private final JsonNode by;
  private final Set<String> keys;

  private CompletionFile(Path file, FileChannel channel, JsonNode by, Set<String> keys) {
    this.file = file;
    this.channel = channel;
    this.by = by;
    this.keys = keys;
  }

  /// Opens `file` to go on with it, or begins it.
  ///
  /// @param writer who writes, and how
  /// @throws DataException if it holds something else, or what was written otherwise
  static CompletionFile open(Path file, ObjectNode writer) throws IOException {
    // As it is read, where a small number is an `int` whatever it was before.
    JsonNode by = JsonMapper.shared().readTree(writer.toString());
    byte[] written = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    int whole = written.length;
    while (whole > 0 && written[whole - 1] != '\n') {
      whole--;
    }
    Set<String> keys = new HashSet<>();
    long line = 0;
    for (String text : new String(Arrays.copyOf(written, whole), UTF_8).lines().toList()) {
      keys.add(key(new Place(file, ++line), text, by));
    }
    // A file has a folder, whatever the path to it leaves out.
    Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(whole).position(whole);
    return new CompletionFile(file, channel, by, keys);
  }

  private static String key(Place place, String line, JsonNode by) {
    try {
      JsonNode row = JsonMapper.shared().readTree(line);
      if (row.path(BY).equals(by) && row.path(KEY).isString()) {
        return row.path(KEY).stringValue();
      }
      throw new DataException(
          List.of(
              error(
                  place,
                  row.has(BY)
                      ? "was written by %s, and now is asked %s; name another file"
                          .formatted(row.path(BY), by)
                      : "was not written by `retort label`; name another file")));
    } catch (JacksonException e) {
      throw new DataException(
          error(place, "is no JSON: %s; name another file".formatted(e.getOriginalMessage())), e);
    }
  }

  private static Finding error(Place place, String problem) {
    return new Finding(Finding.Severity.ERROR, Optional.of(place), problem);
  }

  /// Whether the prompt with this key has been answered.
  boolean has(String key) {
    return keys.contains(key);
  }

  /// How many prompts have been answered.
  int size() {
    return keys.size();
  }

  /// Adds the answer to the prompt with this key to `lines`, unless the file has it.
  void line(String key, ObjectNode row, StringBuilder lines) {
    if (keys.add(key)) {
      lines.append(row.put(KEY, key).set(BY, by)).append('\n');
    }
  }

  /// Appends lines, which are on the disk afterwards.
  void append(CharSequence lines) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  /// Closes the file, and leaves none behind that nothing was written to.
  @Override
  public void close() throws IOException {
    channel.close();
    if (keys.isEmpty()) {
      Files.deleteIfExists(file);
    }
  }
}
