package dev.retort.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// What `retort.json` says about the exported student in its folder.
///
/// ```json
/// {
///   "formatVersion" : 1,
///   "task" : "classification",
///   "input" : {
///     "names" : ["input_ids", "attention_mask"], "maxLength" : 128, "pair" : false, "padId" : 0
///   },
///   "output" : {"labels" : ["ham", "spam"], "temperature" : 1.0},
///   "files" : {"model.onnx" : "<sha256>", "tokenizer.json" : "<sha256>"}
/// }
/// ```
///
/// `output.temperature` may be left out and is then 1, `input.prompts` is then empty. Keys that
/// this version does not know are ignored; a change that old readers must not ignore gets a new
/// format version.
///
/// @param formatVersion the version of this layout, [#FORMAT_VERSION]
/// @param task what the model does, [#CLASSIFICATION] or [#EMBEDDING]
/// @param input what the model reads
/// @param output what the model answers
/// @param files the SHA-256, in hexadecimal digits, of `tokenizer.json` and of each model: `.onnx`
///   files, or the `model.safetensors` of a static student
public record StudentManifest(
    int formatVersion,
    String task,
    Input input,
    Output output,
    SequencedMap<String, String> files) {

  /// The name of the manifest in a student's folder.
  public static final String FILE_NAME = "retort.json";

  /// The name of the tokenizer in a student's folder.
  public static final String TOKENIZER_FILE = "tokenizer.json";

  /// The name of the ONNX file in 32 bits.
  public static final String ONNX_FILE = "model.onnx";

  /// The name of a static student's model: the matrix `embeddings` `[tokens, dimensions]` and, for
  /// a classifier, `head.weight` `[labels, dimensions]` and `head.bias` `[labels]`.
  public static final String STATIC_FILE = "model.safetensors";

  /// The layout that this version of Retort reads and writes.
  public static final int FORMAT_VERSION = 1;

  /// The task of a model that chooses one of several labels.
  public static final String CLASSIFICATION = "classification";

  /// The task of a model that turns texts into vectors; its output has no labels.
  public static final String EMBEDDING = "embedding";

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /// What the model reads: int64 tensors of shape `[batch, time]`.
  ///
  /// @param names the inputs in use: `input_ids`, for an ONNX model `attention_mask` and, if it has
  ///   segments, `token_type_ids`
  /// @param maxLength the most tokens of an input, special tokens included
  /// @param pair whether the model judges pairs of texts instead of single texts
  /// @param padId the token id that fills short rows of a batch
  /// @param prompts what a text is to begin with, by the kind of text; empty if there are none
  public record Input(
      List<String> names,
      int maxLength,
      boolean pair,
      int padId,
      SequencedMap<String, String> prompts) {
    public Input {
      names = List.copyOf(names);
      prompts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(prompts));
      require(
          ModelInput.NAMES.containsAll(names) && hasNoDuplicates(names),
          "names: " + names + " must be different ones of " + ModelInput.NAMES);
      require(names.contains("input_ids"), "names: " + names + " must contain input_ids");
      require(maxLength >= 1, "maxLength: " + maxLength + " must be at least 1");
      require(padId >= 0, "padId: " + padId + " must be at least 0");
    }

    /// An input of texts that begin with nothing but themselves.
    public Input(List<String> names, int maxLength, boolean pair, int padId) {
      this(names, maxLength, pair, padId, new LinkedHashMap<>());
    }

    /// The same input of texts that begin with one of these, by the kind of text.
    public Input withPrompts(Map<String, String> starts) {
      return new Input(names, maxLength, pair, padId, new LinkedHashMap<>(starts));
    }
  }

  /// What the model answers: a float tensor `logits` of shape `[batch, labels]`.
  ///
  /// @param labels the names of the columns, in order
  /// @param temperature divides the logits before the softmax, so that probabilities are calibrated
  public record Output(List<String> labels, double temperature) {
    public Output {
      labels = List.copyOf(labels);
      require(hasNoDuplicates(labels), "labels: " + labels + " must not repeat a label");
      require(
          temperature > 0 && Double.isFinite(temperature),
          "temperature: " + temperature + " must be a positive number");
    }
  }

  public StudentManifest {
    require(
        formatVersion == FORMAT_VERSION,
        "formatVersion: " + formatVersion + " must be " + FORMAT_VERSION);
    require(
        task.equals(CLASSIFICATION) || task.equals(EMBEDDING),
        "task: '" + task + "' must be '" + CLASSIFICATION + "' or '" + EMBEDDING + "'");
    require(
        task.equals(CLASSIFICATION) ? output.labels.size() >= 2 : output.labels.isEmpty(),
        "output.labels: %s must have at least two entries for %s, and none for %s"
            .formatted(output.labels, CLASSIFICATION, EMBEDDING));
    files = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(files));
    files.forEach(StudentManifest::checkFile);
    require(
        files.containsKey(TOKENIZER_FILE) && !modelFiles(files).isEmpty(),
        "files: %s must name tokenizer.json and at least one .onnx file or %s"
            .formatted(files.keySet(), STATIC_FILE));
    require(
        files.containsKey(STATIC_FILE) || input.names.contains("attention_mask"),
        "input.names: " + input.names + " must contain input_ids and attention_mask");
  }

  /// The manifest of a classifier.
  public static StudentManifest classification(
      Input input, Output output, SequencedMap<String, String> files) {
    return new StudentManifest(FORMAT_VERSION, CLASSIFICATION, input, output, files);
  }

  /// The manifest of a model that turns texts into vectors.
  public static StudentManifest embedding(Input input, SequencedMap<String, String> files) {
    return new StudentManifest(FORMAT_VERSION, EMBEDDING, input, new Output(List.of(), 1), files);
  }

  /// The checksums of files in a folder, for [#files()].
  ///
  /// @throws IOException if a file cannot be read
  public static SequencedMap<String, String> checksums(Path folder, List<String> names)
      throws IOException {
    SequencedMap<String, String> checksums = new LinkedHashMap<>();
    for (String name : names) {
      checksums.put(name, Sha256.of(folder.resolve(name)));
    }
    return checksums;
  }

  /// Reads the manifest in a student's folder.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StudentException if it is missing, broken or of a newer version, naming the key
  public static StudentManifest read(Path folder) throws IOException {
    return ManifestFile.read(folder.resolve(FILE_NAME));
  }

  /// Writes the manifest into a student's folder, replacing an older one in one step, so that a
  /// reader never sees half of it.
  ///
  /// @throws IOException if the file cannot be written
  public void write(Path folder) throws IOException {
    ManifestFile.write(this, folder.resolve(FILE_NAME));
  }

  /// The names of the student's models, such as `model.onnx` and `model-int8.onnx`, or
  /// `model.safetensors`.
  public List<String> modelFiles() {
    return modelFiles(files);
  }

  /// The expected SHA-256 of one of [#files()].
  ///
  /// @throws IllegalArgumentException if the manifest names no such file
  public String checksum(String name) {
    return Optional.ofNullable(files.get(name))
        .orElseThrow(
            () -> new IllegalArgumentException("'" + name + "' is not one of " + files.keySet()));
  }

  private static List<String> modelFiles(SequencedMap<String, String> files) {
    return files.keySet().stream()
        .filter(name -> name.endsWith(".onnx") || name.equals(STATIC_FILE))
        .toList();
  }

  private static void checkFile(String name, String checksum) {
    require(
        !name.isBlank()
            && Path.of(name).getNameCount() == 1
            && !Path.of(name).isAbsolute()
            && !name.equals(".."),
        "files: '" + name + "' must be a plain file name");
    require(
        SHA256.matcher(checksum).matches(),
        "files: " + name + ": '" + checksum + "' must be a SHA-256 of 64 hexadecimal digits");
  }

  private static boolean hasNoDuplicates(List<String> values) {
    return new HashSet<>(values).size() == values.size();
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
