package dev.retort.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A static student that turns texts into vectors, loaded from the folder that Retort exported: one
/// vector for each token, whose sum is brought to length 1. A text takes microseconds.
///
/// ```java
/// try (var embedder = StaticEmbedder.open(Path.of("export/static"))) {
///   float[] vector = embedder.embed("Where is my new card?");
/// }
/// ```
///
/// The dot product of two vectors is the cosine of their angle. A student that classifies embeds
/// too: what it gives is what its head sees. One instance serves any number of threads. After
/// [#close()] every method but [#dimensions()] throws `IllegalStateException`.
public final class StaticEmbedder implements AutoCloseable {

  private final StudentManifest manifest;
  private final Tokenizer tokenizer;
  private final StaticModel model;
  private final Gate gate = new Gate("student");

  private StaticEmbedder(StudentManifest manifest, Tokenizer tokenizer, StaticModel model) {
    this.manifest = manifest;
    this.tokenizer = tokenizer;
    this.model = model;
  }

  /// Opens a static student, after verifying the checksums of its files.
  ///
  /// @throws IOException if a file cannot be read
  /// @throws StudentException if a file is missing, damaged or of a newer version
  public static StaticEmbedder open(Path folder) throws IOException {
    StudentFolder student = StudentFolder.open(folder, StudentManifest.STATIC_FILE);
    Tokenizer tokenizer = Tokenizer.open(student.tokenizer());
    try {
      StaticModel model = StaticModel.open(student, tokenizer);
      return new StaticEmbedder(student.manifest(), tokenizer, model);
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /// The length of a vector.
  public int dimensions() {
    return model.dimensions();
  }

  /// The vector of a text, of length 1; zero for a text without tokens. Tokens beyond the student's
  /// maximum length are cut.
  public float[] embed(String text) {
    try (var _ = gate.enter()) {
      return embedded(text);
    }
  }

  /// The vectors of many texts, computed on all processors, in the order given.
  public List<float[]> embedAll(List<String> texts) {
    try (var _ = gate.enter()) {
      return texts.parallelStream().map(this::embedded).toList();
    }
  }

  private float[] embedded(String text) {
    return model.embed(tokenizer.encode(text, manifest.input().maxLength()));
  }

  /// Frees the native memory, after waiting for calls under way. Closing again does nothing.
  @Override
  public void close() {
    gate.close(() -> {
      model.close();
      tokenizer.close();
    });
  }
}
