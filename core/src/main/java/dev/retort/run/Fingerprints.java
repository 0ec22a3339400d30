package dev.retort.run;

import dev.retort.io.Sha256;
import dev.retort.model.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// SHA-256 hashes of what decides a result.
public final class Fingerprints {

  private Fingerprints() {}

  /// The hash of several texts, told apart from other ways of cutting them.
  public static String of(Object... parts) {
    Sha256 hash = new Sha256();
    for (Object part : parts) {
      hash.add(String.valueOf(part));
    }
    return hash.hex(Sha256.BYTES);
  }

  /// The hash of a pretrained model: its configuration, tokenizer and weights.
  static String of(Pretrained model) throws IOException {
    return ofFolder(model.folder());
  }

  /// The hash of the model in `folder`: its configuration, tokenizer and weights.
  static String ofFolder(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> children = Files.list(folder)) {
      files =
          children
              .filter(file -> file.toString().endsWith(".safetensors") || isDescription(file))
              .sorted()
              .toList();
    }
    StringBuilder hashes = new StringBuilder();
    for (Path file : files) {
      hashes.append(file.getFileName()).append(' ').append(Sha256.ofFile(file)).append('\n');
    }
    return of(hashes);
  }

  private static boolean isDescription(Path file) {
    String name = file.getFileName().toString();
    return name.equals("config.json") || name.equals("tokenizer.json");
  }
}
