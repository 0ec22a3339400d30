package dev.retort.export;

import static dev.retort.export.HuggingFaceFiles.CONFIG;
import static dev.retort.export.HuggingFaceFiles.WEIGHTS;
import static dev.retort.export.HuggingFaceFiles.writeJson;
import static dev.retort.export.HuggingFaceFiles.writeWeights;

import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Head;
import dev.retort.model.Pooling;
import dev.retort.model.TextClassifier;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Writes the folder that Python opens. A student with its family's own head becomes a
/// `…ForSequenceClassification` of transformers; one with a pooled head becomes a
/// sentence-transformers model whose last module, `2_Dense`, yields the logits.
///
/// @param classifier the student
/// @param source the folder that its tokenizer files are copied from
/// @param maxLength the most tokens of an input, special tokens included
public record HuggingFaceExporter(TextClassifier classifier, Path source, int maxLength) {

  public HuggingFaceExporter {
    EncoderConfig config = classifier.config();
    HuggingFaceFiles.requireLength(config, maxLength);
    if (new HashSet<>(classifier.labels()).size() < classifier.labels().size()) {
      throw new ExportException(
          "labels %s must not repeat: config.json maps them to numbers"
              .formatted(classifier.labels()));
    }
    if (classifier.head() instanceof Head.FirstToken(var activation)
        && activation != config.family().headActivation()) {
      throw new ExportException(
          "a %s head with %s cannot be written: transformers has %s there"
              .formatted(
                  config.family().modelType(),
                  activation.configName(),
                  config.family().headActivation().configName()));
    }
  }

  /// Writes the folder, replacing files of an earlier export. Readers find `config.json` last.
  ///
  /// @throws ExportException if the source has no `tokenizer.json`
  /// @throws IOException if a file cannot be read or written
  public void write(Path folder) throws IOException {
    try (StagedFolder staged = StagedFolder.beside(folder)) {
      HuggingFaceFiles.copyTokenizer(source, staged.path());
      writeJson(staged.path().resolve(CONFIG), config());
      writeJson(
          staged.path().resolve("sentence_bert_config.json"),
          SentenceTransformers.transformer(maxLength));
      switch (classifier.head()) {
        case Head.FirstToken _ -> writeWeights(staged.path().resolve(WEIGHTS), wholeModel());
        case Head.PooledLinear(Pooling pooling) -> {
          writeWeights(staged.path().resolve(WEIGHTS), encoder(""));
          writeModules(staged.path(), pooling);
        }
        case Head.Embedding embedding -> {
          writeWeights(staged.path().resolve(WEIGHTS), encoder(""));
          writeModules(staged.path(), embedding);
        }
      }
      staged.publish(CONFIG, SentenceTransformers.FILES);
    }
  }

  private SequencedMap<String, Object> config() {
    SequencedMap<String, Object> json =
        HuggingFaceFiles.config(classifier.config(), architecture());
    if (!(classifier.head() instanceof Head.Embedding)) {
      json.putAll(labels());
    }
    return json;
  }

  private SequencedMap<String, Object> labels() {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    SequencedMap<String, String> names = new LinkedHashMap<>();
    SequencedMap<String, Integer> indices = new LinkedHashMap<>();
    for (String label : classifier.labels()) {
      names.put(String.valueOf(indices.size()), label);
      indices.put(label, indices.size());
    }
    json.put("id2label", names);
    json.put("label2id", indices);
    json.put("problem_type", "single_label_classification");
    return json;
  }

  private String architecture() {
    return switch (classifier.head()) {
      case Head.FirstToken _ -> "ForSequenceClassification";
      case Head.PooledLinear _, Head.Embedding _ -> "Model";
    };
  }

  private SequencedMap<String, RawTensor> wholeModel() {
    EncoderConfig config = classifier.config();
    SequencedMap<String, RawTensor> tensors = encoder(config.family().prefix());
    tensors.putAll(
        HuggingFaceFiles.named(config, classifier.parameters(), EncoderNames.ofClassifier()));
    return tensors;
  }

  private SequencedMap<String, RawTensor> encoder(String prefix) {
    return HuggingFaceFiles.encoder(classifier.config(), classifier.parameters(), prefix);
  }

  private RawTensor raw(String name) {
    return Tensors.raw(classifier.parameters().get(name));
  }

  private void writeModules(Path folder, Pooling pooling) throws IOException {
    int width = classifier.config().hiddenSize();
    writePooled(folder, pooling, Optional.of(new Module("2_Dense", "Dense")), Map.of());
    Path dense = Files.createDirectory(folder.resolve("2_Dense"));
    writeJson(dense.resolve(CONFIG), SentenceTransformers.dense(width, classifier.labels().size()));
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    tensors.put("linear.weight", raw(EncoderNames.HEAD_OUTPUT + ".weight"));
    tensors.put("linear.bias", raw(EncoderNames.HEAD_OUTPUT + ".bias"));
    writeWeights(dense.resolve(WEIGHTS), tensors);
  }

  private void writeModules(Path folder, Head.Embedding embedding) throws IOException {
    Optional<Module> last =
        embedding.normalized()
            ? Optional.of(new Module("2_Normalize", "Normalize"))
            : Optional.empty();
    writePooled(folder, embedding.pooling(), last, embedding.prompts());
  }

  /// The step after pooling.
  private record Module(String folder, String type) {}

  private void writePooled(
      Path folder, Pooling pooling, Optional<Module> last, Map<String, String> prompts)
      throws IOException {
    List<Object> modules = new ArrayList<>();
    modules.add(SentenceTransformers.module(0, "", "Transformer"));
    modules.add(SentenceTransformers.module(1, "1_Pooling", "Pooling"));
    last.ifPresent(
        module -> modules.add(SentenceTransformers.module(2, module.folder(), module.type())));
    writeJson(folder.resolve("modules.json"), modules);
    writeJson(
        folder.resolve("config_sentence_transformers.json"), SentenceTransformers.model(prompts));
    Path poolingFolder = Files.createDirectory(folder.resolve("1_Pooling"));
    int width = classifier.config().hiddenSize();
    writeJson(poolingFolder.resolve(CONFIG), SentenceTransformers.pooling(pooling, width));
  }
}
