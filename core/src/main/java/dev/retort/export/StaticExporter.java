package dev.retort.export;

import dev.retort.model.EncoderNames;
import dev.retort.model.table.StaticStudent;
import dev.retort.runtime.StudentManifest;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsWriter;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes the folder of a static student, which `retort-runtime` opens: token vectors and head in
/// `model.safetensors`, `tokenizer.json`, and the manifest `retort.json`; with the `config.json`
/// that Model2Vec reads, it opens the folder too. Nothing is put in place before it has answered
/// samples as the student does.
///
/// @param student the student
/// @param tokenizer its `tokenizer.json`
/// @param prompts what an embedder's texts are to begin with, by the kind of text
/// @param maxLength the most tokens of an input, special tokens included
/// @param temperature divides the logits before the softmax; 1 where nothing was calibrated
/// @param samples what the file is checked on
public record StaticExporter(
    StaticStudent student,
    Path tokenizer,
    Map<String, String> prompts,
    int maxLength,
    double temperature,
    Samples samples) {

  private static final String CONFIG = "config.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// How many bits a number of a token's vector has in the file; the head always has 32.
  public enum Format {
    FP32(DType.FLOAT32, Fidelity.FP32),
    FP16(DType.FLOAT16, Fidelity.FP16);

    private final DType type;
    private final Fidelity fidelity;

    Format(DType type, Fidelity fidelity) {
      this.type = type;
      this.fidelity = fidelity;
    }
  }

  /// Writes the student into `folder`, replacing an earlier export.
  ///
  /// @return how far the file is from the student
  /// @throws ExportException if it does not compute what the student computes; `folder` is then as
  ///   before
  /// @throws IOException if a file cannot be read or written
  public ParityReport write(Path folder, Format format) throws IOException {
    Parity parity = Parity.with(student, tokenizer, maxLength, samples);
    try (StagedFolder staged = StagedFolder.beside(folder)) {
      writeModel(staged.path().resolve(StudentManifest.STATIC_FILE), format);
      Files.copy(tokenizer, staged.path().resolve(StudentManifest.TOKENIZER_FILE));
      Files.writeString(staged.path().resolve(CONFIG), JSON.writeValueAsString(config()));
      manifest(staged.path()).write(staged.path());
      ParityReport report =
          parity.check(staged.path(), StudentManifest.STATIC_FILE, format.fidelity);
      staged.publish(StudentManifest.FILE_NAME, List.of());
      return report;
    }
  }

  private void writeModel(Path file, Format format) throws IOException {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
      Tensor vectorsVD = student.vectorsVD().detach().to(format.type);
      tensors.put("embeddings", Tensors.view(vectorsVD));
      if (!student.labels().isEmpty()) {
        tensors.put("head.weight", head(".weight"));
        tensors.put("head.bias", head(".bias"));
      }
      SafetensorsWriter.write(file, tensors, Map.of());
    }
  }

  private RawTensor head(String kind) {
    return Tensors.view(student.parameters().get(EncoderNames.HEAD_OUTPUT + kind));
  }

  /// What Model2Vec reads.
  private SequencedMap<String, Object> config() {
    SequencedMap<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "model2vec");
    config.put("architectures", List.of("StaticModel"));
    config.put("hidden_dim", student.vectorsVD().size(1));
    config.put("normalize", true);
    return config;
  }

  private StudentManifest manifest(Path folder) throws IOException {
    SequencedMap<String, String> checksums =
        StudentManifest.checksums(
            folder, List.of(StudentManifest.STATIC_FILE, StudentManifest.TOKENIZER_FILE));
    if (student.labels().isEmpty()) {
      return StudentManifest.embedding(input().withPrompts(prompts), checksums);
    }
    return StudentManifest.classification(
        input(), new StudentManifest.Output(student.labels(), temperature), checksums);
  }

  private StudentManifest.Input input() throws IOException {
    try (Tokenizer opened = Tokenizer.open(tokenizer)) {
      boolean pairs = samples instanceof Samples.Pairs;
      return new StudentManifest.Input(List.of("input_ids"), maxLength, pairs, opened.padId());
    }
  }
}
