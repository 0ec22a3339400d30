package dev.retort.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// A task small enough for a test: a teacher of two layers, and one word that tells the label.
///
/// @param root holds the model, the data and the recipe
record TinyTask(Path root) {

  private static final Path MODEL = Path.of("../core/src/test/resources/parity");
  private static final List<String> SIGNALS = List.of("good", "bad", "slow");
  private static final List<String> NOISE = List.of("the", "movie", "was", "very", "this", "book");

  /// Writes model, data and recipe into `root`.
  static TinyTask in(Path root) throws IOException {
    TinyTask task = new TinyTask(root);
    Path model = Files.createDirectories(root.resolve("model"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(MODEL.resolve("minilm").resolve(name), model.resolve(name));
    }
    Files.copy(MODEL.resolve("tokenizer/tokenizer.json"), model.resolve("tokenizer.json"));
    Files.writeString(root.resolve("train.csv"), csv(240, 1));
    Files.writeString(root.resolve("test.csv"), csv(60, 2));
    Files.writeString(
        task.recipe(),
        """
        name: tiny
        teacher:
          model: '%s'
          fineTune: {epochs: 10, learningRate: 5e-3, precision: fp32}
          maxLength: 24
        student: {layers: [1]}
        data: {train: train.csv, test: test.csv, validation: 15%%}
        train: {epochs: 6, batchTokens: 400, learningRate: 5e-3, precision: fp32}
        baseline: false
        require: {retention: ">= 0.1", sizeMb: "<= 5"}
        """
            .formatted(model));
    return task;
  }

  Path recipe() {
    return root.resolve("recipe.yaml");
  }

  private static String csv(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int row = 0; row < rows; row++) {
      String signal = SIGNALS.get(random.nextInt(SIGNALS.size()));
      int place = random.nextInt(6);
      for (int word = 0; word < 7; word++) {
        csv.append(word == place ? signal : NOISE.get(random.nextInt(NOISE.size()))).append(' ');
      }
      csv.append(',').append(signal).append('\n');
    }
    return csv.toString();
  }
}
