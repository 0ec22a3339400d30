package dev.retort.model.table;

import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The small random MiniLM of the parity tests, 32 wide, with a tokenizer of 120 tokens.
final class TinyTeacher {

  static final Path TOKENIZER = Path.of("src/test/resources/parity/tokenizer/tokenizer.json");

  private TinyTeacher() {}

  static TextClassifier in(Path temporary) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("teacher"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(Path.of("src/test/resources/parity/minilm").resolve(file), folder.resolve(file));
    }
    Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));
    Pretrained pretrained = ModelFolder.read(folder);
    return ModelWeights.withNewHead(pretrained, List.of("a", "b"), 1);
  }
}
