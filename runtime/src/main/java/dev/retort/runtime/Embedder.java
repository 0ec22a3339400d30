package dev.retort.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A student that turns texts into vectors, loaded from the folder that Retort exported: an encoder
/// in an ONNX file, or a static student, which is a vector for each token.
///
/// ```java
/// try (var embedder = Embedder.open(Path.of("export/onnx"))) {
///   float[] question = embedder.embed("Where is my new card?");
///   float[] answer = embedder.embed("Cards arrive within five days.");
///   double alike = Embedder.cosine(question, answer);
/// }
/// ```
///
/// A static student that classifies embeds too: what it gives is what its head sees. One instance
/// serves any number of threads; open it once and keep it. It never uses the network. After
/// [#close()] every method but [#dimensions()] and [#prompts()] throws `IllegalStateException`.
public final class Embedder implements AutoCloseable {

  private final StudentManifest manifest;
  private final Tokenizer tokenizer;
  private final VectorModel model;
  private final int maxBatchTokens;
  private final Gate gate = new Gate("student");

  private Embedder(
      StudentManifest manifest, Tokenizer tokenizer, VectorModel model, int maxBatchTokens) {
    this.manifest = manifest;
    this.tokenizer = tokenizer;
    this.model = model;
    this.maxBatchTokens = maxBatchTokens;
  }

  /// Opens a student with [Classifier.Options#defaults()].
  ///
  /// @throws IOException if a file cannot be read
  /// @throws StudentException if a file is missing, damaged or of a newer version
  public static Embedder open(Path folder) throws IOException {
    return open(folder, Classifier.Options.defaults());
  }

  /// Opens a student, after verifying the checksums of its files.
  ///
  /// @throws IOException if a file cannot be read
  /// @throws StudentException if a file is missing, damaged or of a newer version
  public static Embedder open(Path folder, Classifier.Options options) throws IOException {
    StudentFolder student = StudentFolder.open(folder, options.modelFile());
    requireVectors(folder, student);
    Tokenizer tokenizer = Tokenizer.open(student.tokenizer());
    try {
      VectorModel model =
          student.isStatic()
              ? StaticModel.open(student, tokenizer)
              : OnnxModel.open(student, options);
      return new Embedder(student.manifest(), tokenizer, model, options.maxBatchTokens());
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static void requireVectors(Path folder, StudentFolder student) {
    String task = student.manifest().task();
    if (!student.isStatic() && !task.equals(StudentManifest.EMBEDDING)) {
      throw new StudentException(
          "%s holds a model for %s, not for embedding: open it with Classifier"
              .formatted(folder, task));
    }
  }

  /// The cosine of the angle between two vectors: 1 where they point the same way, 0 where they
  /// have nothing in common.
  ///
  /// @throws IllegalArgumentException if their lengths differ
  public static double cosine(float[] first, float[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "vectors of %d and %d numbers come from different models"
              .formatted(first.length, second.length));
    }
    double product = 0;
    double squares = 0;
    double others = 0;
    for (int i = 0; i < first.length; i++) {
      product += (double) first[i] * second[i];
      squares += (double) first[i] * first[i];
      others += (double) second[i] * second[i];
    }
    return product == 0 ? 0 : product / Math.sqrt(squares * others);
  }

  /// The length of a vector.
  public int dimensions() {
    return model.dimensions();
  }

  /// What texts are to begin with, by the kind of text, such as `query` → `query: `; empty for a
  /// model that was trained without.
  public Map<String, String> prompts() {
    return manifest.input().prompts();
  }

  /// The vector of a text, as it is; tokens beyond the student's maximum length are cut.
  public float[] embed(String text) {
    try (var _ = gate.enter()) {
      return model.embed(List.of(tokenizer.encode(text, maxLength())))[0];
    }
  }

  /// The vector of a text that begins with one of [#prompts].
  ///
  /// @throws IllegalArgumentException if the model has no prompt of this name
  public float[] embedAs(String prompt, String text) {
    return embed(prompt(prompt) + text);
  }

  /// The vectors of many texts, batched by length, in the order given.
  public List<float[]> embedAll(List<String> texts) {
    try (var _ = gate.enter()) {
      List<Encoding> rows = tokenizer.encodeAll(texts, maxLength());
      float[][] vectors = new float[rows.size()][];
      int[] lengths = rows.stream().mapToInt(Encoding::length).toArray();
      for (int[] group : BatchPlan.of(lengths, maxBatchTokens)) {
        float[][] batch = model.embed(Arrays.stream(group).mapToObj(rows::get).toList());
        for (int row = 0; row < group.length; row++) {
          vectors[group[row]] = batch[row];
        }
      }
      return List.of(vectors);
    }
  }

  /// The vectors of many texts that begin with one of [#prompts].
  ///
  /// @throws IllegalArgumentException if the model has no prompt of this name
  public List<float[]> embedAllAs(String prompt, List<String> texts) {
    String start = prompt(prompt);
    return embedAll(texts.stream().map(text -> start + text).toList());
  }

  private String prompt(String name) {
    return Optional.ofNullable(prompts().get(name))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' is not one of the student's prompts, %s"
                    .formatted(name, prompts().keySet())));
  }

  private int maxLength() {
    return manifest.input().maxLength();
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
