package dev.retort.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.retort.model.Head;
import dev.retort.model.TextClassifier;
import dev.retort.runtime.StudentManifest;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Writes the folder that `retort-runtime` opens: ONNX files, `tokenizer.json` and the manifest
/// `retort.json`. Nothing is put in place before every file has answered the samples as the student
/// does.
///
/// @param classifier the student
/// @param tokenizer its `tokenizer.json`
/// @param maxLength the most tokens of an input, special tokens included
/// @param temperature divides the logits before the softmax; 1 where nothing was calibrated
/// @param samples what the files are checked on
public record OnnxExporter(
    TextClassifier classifier, Path tokenizer, int maxLength, double temperature, Samples samples) {

  /// A protobuf message, and with it an ONNX file without side files, is at most this long.
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  public OnnxExporter {
    int longest = classifier.config().maxLength();
    if (maxLength < 1 || maxLength > longest) {
      throw new ExportException(
          "maxLength %d must be from 1 to %d, the positions of this model"
              .formatted(maxLength, longest));
    }
  }

  /// Makes the graph of a classifier; tests put broken ones in its place.
  interface GraphMaker {
    ModelProto make(TextClassifier classifier, OnnxPrecision precision);
  }

  /// Writes one file per precision into `folder`, replacing an earlier export.
  ///
  /// @return how far each file is from the student, in the order of [OnnxPrecision]
  /// @throws ExportException if the student cannot be exported or a file does not compute what the
  ///   student computes; `folder` is then as before
  /// @throws IOException if a file cannot be read or written
  public List<ParityReport> write(Path folder, Set<OnnxPrecision> precisions) throws IOException {
    return write(folder, precisions, ClassifierGraph::of);
  }

  List<ParityReport> write(Path folder, Set<OnnxPrecision> precisions, GraphMaker graphs)
      throws IOException {
    requireVocabulary();
    SortedSet<OnnxPrecision> ordered = new TreeSet<>(precisions);
    List<ParityReport> reports = new ArrayList<>();
    try (StagedFolder staged = StagedFolder.beside(folder)) {
      for (OnnxPrecision precision : ordered) {
        requireSize(precision);
        writeModel(staged.path().resolve(precision.fileName()), graphs.make(classifier, precision));
      }
      Files.copy(tokenizer, staged.path().resolve(StudentManifest.TOKENIZER_FILE));
      manifest(staged.path(), ordered).write(staged.path());
      Parity parity = Parity.with(classifier, tokenizer, maxLength, samples);
      for (OnnxPrecision precision : ordered) {
        reports.add(parity.check(staged.path(), precision.fileName(), precision.fidelity()));
      }
      staged.publish(
          StudentManifest.FILE_NAME,
          Stream.of(OnnxPrecision.values()).map(OnnxPrecision::fileName).toList());
    }
    return reports;
  }

  private void requireVocabulary() throws IOException {
    try (Tokenizer opened = Tokenizer.open(tokenizer)) {
      int rows = classifier.config().vocabularySize();
      if (opened.vocabularySize() > rows) {
        throw new ExportException(
            "%s: the tokenizer has %d tokens but the model has embeddings for %d; take the tokenizer that the model was trained with"
                .formatted(tokenizer, opened.vocabularySize(), rows));
      }
    }
  }

  private void requireSize(OnnxPrecision precision) {
    long numbers = classifier.parameters().all().stream().mapToLong(Tensor::elements).sum();
    long bytes = precision == OnnxPrecision.FP32 ? numbers * Float.BYTES : numbers;
    if (bytes > MAX_BYTES) {
      throw new ExportException(
          "%s: the weights need %d MB but an ONNX file holds at most %d MB; export safetensors, or ONNX in 8 bits"
              .formatted(precision.fileName(), bytes / 1_000_000, MAX_BYTES / 1_000_000));
    }
  }

  private static void writeModel(Path file, ModelProto model) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      model.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  private StudentManifest manifest(Path folder, Set<OnnxPrecision> precisions) throws IOException {
    List<String> files = new ArrayList<>();
    precisions.forEach(precision -> files.add(precision.fileName()));
    files.add(StudentManifest.TOKENIZER_FILE);
    StudentManifest.Input input =
        new StudentManifest.Input(
            TextInputs.names(classifier.config()),
            maxLength,
            samples instanceof Samples.Pairs,
            classifier.config().padId());
    SequencedMap<String, String> checksums = StudentManifest.checksums(folder, files);
    try {
      return classifier.head() instanceof Head.Embedding embedding
          ? StudentManifest.embedding(input.withPrompts(embedding.prompts()), checksums)
          : StudentManifest.classification(
              input, new StudentManifest.Output(classifier.labels(), temperature), checksums);
    } catch (IllegalArgumentException e) {
      throw new ExportException("this student has no manifest: " + e.getMessage(), e);
    }
  }
}
