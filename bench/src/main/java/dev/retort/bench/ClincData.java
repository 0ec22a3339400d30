package dev.retort.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns CLINC150 as it is published (Larson et al. 2019, `data_full.json`: lists of `[text,
/// intent]`) into the files that `recipes/clinc150.yaml` reads: `train.jsonl`, `validation.jsonl`
/// and `test.jsonl`, an object with `text` and `intent` a line. Out-of-scope texts are left out.
///
/// Usage: `ClincData DATA_FULL.json FOLDER`.
public final class ClincData {

  /// The splits of the published file, by the name of the file that each becomes.
  private static final Map<String, String> SPLITS =
      Map.of("train", "train", "validation", "val", "test", "test");

  private ClincData() {}

  /// Converts the file.
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: ClincData DATA_FULL.json FOLDER");
    }
    convert(Path.of(args[0]), Path.of(args[1]));
  }

  /// Writes the three files into `folder`, which is made if need be.
  ///
  /// @throws IllegalArgumentException if `file` is not the published one
  static void convert(Path file, Path folder) throws IOException {
    JsonNode published;
    try {
      published = JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    for (String split : SPLITS.values()) {
      requirePairs(published.path(split), file, split);
    }
    Files.createDirectories(folder);
    for (Map.Entry<String, String> split : SPLITS.entrySet()) {
      write(published.path(split.getValue()), folder.resolve(split.getKey() + ".jsonl"));
    }
  }

  private static void requirePairs(JsonNode rows, Path file, String split) {
    if (!rows.isArray() || rows.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no list '%s'; give the data_full.json of CLINC150".formatted(file, split));
    }
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).size() != 2) {
        throw new IllegalArgumentException(
            "%s: %s[%d] is %s, not [text, intent]".formatted(file, split, i, rows.get(i)));
      }
    }
  }

  private static void write(JsonNode rows, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (JsonNode row : rows) {
        SequencedMap<String, String> line = new LinkedHashMap<>();
        line.put("text", row.get(0).asString());
        line.put("intent", row.get(1).asString());
        out.write(JsonMapper.shared().writeValueAsString(line));
        out.write('\n');
      }
    }
  }
}
