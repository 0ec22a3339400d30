package dev.retort.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The JSON file that a benchmark leaves behind, with the keys that the Python programs in
/// `bench/peers` use for the same things.
final class ResultFile {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ResultFile() {}

  static void write(SequencedMap<String, Object> result, Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(result) + "\n");
  }
}
