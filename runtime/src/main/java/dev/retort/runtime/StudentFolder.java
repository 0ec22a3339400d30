package dev.retort.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The folder of an exported student, checked file by file against its manifest.
///
/// @param manifest what the folder holds
/// @param model the chosen model file
/// @param tokenizer the `tokenizer.json`
record StudentFolder(StudentManifest manifest, Path model, Path tokenizer) {
  static final String EXPORT_AGAIN = "Export the student again: retort export RUN --to onnx";

  /// Reads the manifest and verifies the files that will be used.
  ///
  /// @param modelFile the name of the model file to use
  /// @throws IOException if a file cannot be read
  /// @throws StudentException if a file is missing or damaged, saying which and what to do
  static StudentFolder open(Path folder, String modelFile) throws IOException {
    checkPresent(folder);
    StudentManifest manifest = StudentManifest.read(folder);
    if (!manifest.modelFiles().contains(modelFile)) {
      throw new StudentException(
          ("%s has no '%s'; it has %s."
                  + " Choose one of these, or make it: retort export RUN --to onnx%s")
              .formatted(
                  folder,
                  modelFile,
                  manifest.modelFiles(),
                  modelFile.contains("int8") ? " --quantize int8" : ""));
    }
    checkPresent(folder, modelFile, StudentManifest.TOKENIZER_FILE);
    return new StudentFolder(
        manifest,
        verified(folder, modelFile, manifest),
        verified(folder, StudentManifest.TOKENIZER_FILE, manifest));
  }

  /// As [#open(Path, String)], with the only file of a static student, or else `model.onnx`.
  static StudentFolder open(Path folder, Optional<String> modelFile) throws IOException {
    if (modelFile.isPresent()) {
      return open(folder, modelFile.get());
    }
    checkPresent(folder);
    boolean fixed = StudentManifest.read(folder).modelFiles().contains(StudentManifest.STATIC_FILE);
    return open(folder, fixed ? StudentManifest.STATIC_FILE : StudentManifest.ONNX_FILE);
  }

  /// Whether the model is a table of token vectors rather than an ONNX graph.
  boolean isStatic() {
    return model.endsWith(StudentManifest.STATIC_FILE);
  }

  private static void checkPresent(Path folder, String... names) {
    if (!Files.isDirectory(folder)) {
      throw new StudentException(
          "There is no folder %s. Make it: retort export RUN --to onnx".formatted(folder));
    }
    List<String> missing =
        Stream.of(names).filter(name -> !Files.isRegularFile(folder.resolve(name))).toList();
    if (!missing.isEmpty()) {
      throw new StudentException("%s lacks %s. %s".formatted(folder, missing, EXPORT_AGAIN));
    }
  }

  private static Path verified(Path folder, String name, StudentManifest manifest)
      throws IOException {
    Path file = folder.resolve(name);
    String expected = manifest.checksum(name);
    String found = Sha256.of(file);
    if (!found.equals(expected)) {
      throw new StudentException(
          "%s is damaged: expected SHA-256 %s, found %s. %s"
              .formatted(file, expected, found, EXPORT_AGAIN));
    }
    return file;
  }
}
