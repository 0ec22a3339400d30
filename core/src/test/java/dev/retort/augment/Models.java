package dev.retort.augment;

import dev.retort.data.Example;
import dev.retort.data.Place;
import dev.retort.model.ModelFolder;
import dev.retort.model.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Tiny models and texts for them.
final class Models {

  private static final Path RESOURCES = Path.of("src/test/resources/parity");

  private Models() {}

  /// A random masked language model with 120 tokens and 40 positions, put below `root`.
  static Pretrained maskedLanguageModel(Path root) throws IOException {
    Path folder = Files.createDirectory(root.resolve("model"));
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(RESOURCES.resolve("bert-masked").resolve(file), folder.resolve(file));
    }
    Files.copy(RESOURCES.resolve("tokenizer/tokenizer.json"), folder.resolve("tokenizer.json"));
    return ModelFolder.read(folder);
  }

  static Example text(String text) {
    return new Example(text, Optional.empty(), 0, new Place(Path.of("train.csv"), 2));
  }

  static Example pair(String first, String second) {
    return new Example(first, Optional.of(second), 0, new Place(Path.of("train.csv"), 2));
  }
}
