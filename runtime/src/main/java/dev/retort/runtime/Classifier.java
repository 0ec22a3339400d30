package dev.retort.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A student that assigns labels to texts, loaded from the folder that `retort export` wrote.
///
/// ```java
/// try (var student = Classifier.open(Path.of("export/onnx"))) {
///   Prediction prediction = student.classify("Where is my new card?");
///   prediction.label();        // card_arrival
///   prediction.probability();  // 0.93
/// }
/// ```
///
/// One instance serves any number of threads; open it once and keep it. It never uses the network.
/// After [#close()] every method but [#labels()] throws `IllegalStateException`.
public final class Classifier implements AutoCloseable {
  private final StudentManifest manifest;
  private final Tokenizer tokenizer;
  private final LogitModel model;
  private final int maxBatchTokens;
  private final Gate gate = new Gate("student");

  private Classifier(
      StudentManifest manifest, Tokenizer tokenizer, LogitModel model, int maxBatchTokens) {
    this.manifest = manifest;
    this.tokenizer = tokenizer;
    this.model = model;
    this.maxBatchTokens = maxBatchTokens;
  }

  /// How to run a student.
  ///
  /// @param threads how many threads compute one request; with many requests at once, 1 gives the
  ///   best throughput
  /// @param spinning whether these threads wait busily for each other during a request: close to
  ///   twice as fast where the processors have nothing else to do, several times slower where they
  ///   have
  /// @param modelFile the file of the folder to use, such as `model-int8.onnx`; without, that of a
  ///   static student, or else `model.onnx`
  /// @param maxBatchTokens the most tokens, padding included, that the bulk methods compute at
  ///   once; bounds the memory they need
  public record Options(
      int threads, boolean spinning, Optional<String> modelFile, int maxBatchTokens) {
    public Options {
      if (threads < 1) {
        throw new IllegalArgumentException("threads: " + threads + " must be at least 1");
      }
      if (maxBatchTokens < 1) {
        throw new IllegalArgumentException(
            "maxBatchTokens: " + maxBatchTokens + " must be at least 1");
      }
    }

    /// One thread for each request, 4096 tokens at once. For a student of a few layers a second
    /// thread gains little at batch 1 and takes a processor from other requests.
    public static Options defaults() {
      return new Options(1, false, Optional.empty(), 4096);
    }

    /// These options with another number of threads.
    public Options withThreads(int count) {
      return new Options(count, spinning, modelFile, maxBatchTokens);
    }

    /// These options with or without spinning.
    public Options withSpinning(boolean spin) {
      return new Options(threads, spin, modelFile, maxBatchTokens);
    }

    /// These options with another model file.
    public Options withModelFile(String name) {
      return new Options(threads, spinning, Optional.of(name), maxBatchTokens);
    }

    /// These options with another bound on the size of a batch.
    public Options withMaxBatchTokens(int tokens) {
      return new Options(threads, spinning, modelFile, tokens);
    }
  }

  /// Opens a student with [Options#defaults()].
  ///
  /// @throws IOException if a file cannot be read
  /// @throws StudentException if a file is missing, damaged or of a newer version
  public static Classifier open(Path folder) throws IOException {
    return open(folder, Options.defaults());
  }

  /// Opens a student, after verifying the checksums of its files.
  ///
  /// @throws IOException if a file cannot be read
  /// @throws StudentException if a file is missing, damaged or of a newer version
  public static Classifier open(Path folder, Options options) throws IOException {
    StudentFolder student = StudentFolder.open(folder, options.modelFile());
    requireClassifier(folder, student.manifest().task());
    Tokenizer tokenizer = Tokenizer.open(student.tokenizer());
    try {
      LogitModel model =
          student.isStatic()
              ? StaticModel.open(student, tokenizer)
              : OnnxModel.open(student, options);
      return new Classifier(student.manifest(), tokenizer, model, options.maxBatchTokens());
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static void requireClassifier(Path folder, String task) {
    if (!task.equals(StudentManifest.CLASSIFICATION)) {
      throw new StudentException(
          "%s holds a model for %s, not for classification: open it with Embedder"
              .formatted(folder, task));
    }
  }

  /// The labels in the order of the logits.
  public List<String> labels() {
    return manifest.output().labels();
  }

  /// Classifies one text, which may be empty; tokens beyond the student's maximum length are cut.
  ///
  /// @throws IllegalArgumentException if the student judges pairs
  public Prediction classify(String text) {
    return prediction(logits(text));
  }

  /// Classifies a pair of texts.
  ///
  /// @throws IllegalArgumentException if the student judges single texts
  public Prediction classify(String first, String second) {
    return prediction(logits(first, second));
  }

  /// Classifies many texts, batched by length, in the order given.
  ///
  /// @throws IllegalArgumentException if the student judges pairs
  public List<Prediction> classifyAll(List<String> texts) {
    return logitsAll(texts).stream().map(this::prediction).toList();
  }

  /// Classifies many pairs of texts, batched by length, in the order given.
  ///
  /// @throws IllegalArgumentException if the student judges single texts
  public List<Prediction> classifyPairs(List<TextPair> pairs) {
    return logitsPairs(pairs).stream().map(this::prediction).toList();
  }

  /// The raw output for one text, in label order, before temperature and softmax.
  ///
  /// @throws IllegalArgumentException if the student judges pairs
  public float[] logits(String text) {
    requirePair(false);
    return logitsOfOne(() -> tokenizer.encode(text, maxLength()));
  }

  /// The raw output for a pair of texts, in label order, before temperature and softmax.
  ///
  /// @throws IllegalArgumentException if the student judges single texts
  public float[] logits(String first, String second) {
    requirePair(true);
    return logitsOfOne(() -> tokenizer.encode(first, second, maxLength()));
  }

  /// The raw outputs for many texts, in the order given.
  ///
  /// @throws IllegalArgumentException if the student judges pairs
  public List<float[]> logitsAll(List<String> texts) {
    requirePair(false);
    return logitsOfMany(() -> tokenizer.encodeAll(texts, maxLength()));
  }

  /// The raw outputs for many pairs of texts, in the order given.
  ///
  /// @throws IllegalArgumentException if the student judges single texts
  public List<float[]> logitsPairs(List<TextPair> pairs) {
    requirePair(true);
    return logitsOfMany(() -> tokenizer.encodePairs(pairs, maxLength()));
  }

  private float[] logitsOfOne(Supplier<Encoding> encoding) {
    try (var _ = gate.enter()) {
      return model.logits(List.of(encoding.get()))[0];
    }
  }

  private List<float[]> logitsOfMany(Supplier<List<Encoding>> encodings) {
    try (var _ = gate.enter()) {
      List<Encoding> rows = encodings.get();
      float[][] logits = new float[rows.size()][];
      int[] lengths = rows.stream().mapToInt(Encoding::length).toArray();
      for (int[] group : BatchPlan.of(lengths, maxBatchTokens)) {
        float[][] batch = model.logits(Arrays.stream(group).mapToObj(rows::get).toList());
        for (int row = 0; row < group.length; row++) {
          logits[group[row]] = batch[row];
        }
      }
      return List.of(logits);
    }
  }

  private Prediction prediction(float[] logits) {
    return Prediction.of(labels(), logits, manifest.output().temperature());
  }

  private int maxLength() {
    return manifest.input().maxLength();
  }

  private void requirePair(boolean pair) {
    if (manifest.input().pair() != pair) {
      throw new IllegalArgumentException(
          pair
              ? "This student judges single texts: give one text, not two."
              : "This student judges pairs of texts: give two texts, not one.");
    }
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
