package dev.retort.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// An exported student in a folder of the test: golden WordPiece tokenizer, [TinyOnnx] model.
///
/// @param folder where it lies
/// @param weights what it computes
record TinyStudent(Path folder, TinyWeights weights) {
  static final int VOCABULARY = 120;
  static final int MAX_LENGTH = 12;
  static final List<String> LABELS = List.of("bad", "so-so", "good");

  /// Writes a student that judges single texts.
  static TinyStudent ofTexts(Path folder) throws IOException {
    return write(folder, false, 1);
  }

  /// Writes a student that judges pairs and reads `token_type_ids`.
  static TinyStudent ofPairs(Path folder) throws IOException {
    return write(folder, true, 1);
  }

  static TinyStudent write(Path folder, boolean pair, double temperature) throws IOException {
    TinyWeights weights = TinyWeights.random(VOCABULARY, LABELS.size(), pair);
    Files.write(folder.resolve("model.onnx"), TinyOnnx.classifier(weights));
    writeTokenizer(folder.resolve("tokenizer.json"));
    List<String> names =
        pair
            ? List.of("input_ids", "attention_mask", "token_type_ids")
            : List.of("input_ids", "attention_mask");
    manifest(folder, new StudentManifest.Input(names, MAX_LENGTH, pair, 0), temperature)
        .write(folder);
    return new TinyStudent(folder, weights);
  }

  private static StudentManifest manifest(
      Path folder, StudentManifest.Input input, double temperature) throws IOException {
    return StudentManifest.classification(
        input,
        new StudentManifest.Output(LABELS, temperature),
        StudentManifest.checksums(folder, List.of("model.onnx", "tokenizer.json")));
  }

  /// Brings the checksums up to date after a test has replaced a file.
  void rehash() throws IOException {
    manifest(folder, StudentManifest.read(folder).input(), 1).write(folder);
  }

  /// Copies the golden tokenizer, which the Python library wrote.
  static Path writeTokenizer(Path file) throws IOException {
    try (InputStream json = TinyStudent.class.getResourceAsStream("/tokenizer/tokenizer.json")) {
      Files.copy(Objects.requireNonNull(json), file);
    }
    return file;
  }
}
