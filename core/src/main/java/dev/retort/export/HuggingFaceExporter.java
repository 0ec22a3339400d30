package dev.retort.export;

import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Family;
import dev.retort.model.Head;
import dev.retort.model.ModelFolder;
import dev.retort.model.Pooling;
import dev.retort.model.TextClassifier;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsWriter;
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
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes the folder that Python opens. A student with its family's own head becomes a
/// `…ForSequenceClassification` of transformers; one with a pooled head becomes a
/// sentence-transformers model whose last module, `2_Dense`, yields the logits.
///
/// @param classifier the student
/// @param source the folder that its tokenizer files are copied from
/// @param maxLength the most tokens of an input, special tokens included
public record HuggingFaceExporter(TextClassifier classifier, Path source, int maxLength) {

  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";

  /// What tokenizers of these families may consist of.
  private static final List<String> TOKENIZER_FILES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.txt",
          "vocab.json",
          "merges.txt",
          "sentencepiece.bpe.model");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public HuggingFaceExporter {
    EncoderConfig config = classifier.config();
    if (maxLength < 1 || maxLength > config.maxLength()) {
      throw new ExportException(
          "maxLength %d must be from 1 to %d, the positions of this model"
              .formatted(maxLength, config.maxLength()));
    }
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
      copyTokenizer(staged.path());
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
        case Head.Embedding(Pooling pooling, boolean normalized) -> {
          writeWeights(staged.path().resolve(WEIGHTS), encoder(""));
          writeModules(staged.path(), pooling, normalized);
        }
      }
      staged.publish(CONFIG, SentenceTransformers.FILES);
    }
  }

  private void copyTokenizer(Path folder) throws IOException {
    if (!Files.isRegularFile(source.resolve("tokenizer.json"))) {
      throw new ExportException(
          "%s has no tokenizer.json; a student is useless without its tokenizer".formatted(source));
    }
    for (String name : TOKENIZER_FILES) {
      if (Files.isRegularFile(source.resolve(name))) {
        Files.copy(source.resolve(name), folder.resolve(name));
      }
    }
  }

  private SequencedMap<String, Object> config() {
    EncoderConfig config = classifier.config();
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of(config.family().className() + architecture()));
    json.putAll(config.family().write(config));
    if (!(classifier.head() instanceof Head.Embedding)) {
      json.putAll(labels());
    }
    json.put("dtype", "float32");
    json.put("torch_dtype", "float32");
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
    Family family = classifier.config().family();
    SequencedMap<String, RawTensor> tensors = encoder(family.prefix());
    for (String part : List.of(EncoderNames.HEAD_DENSE, EncoderNames.HEAD_OUTPUT)) {
      for (String name : List.of(part + ".weight", part + ".bias")) {
        tensors.put(family.checkpointName(name), raw(name));
      }
    }
    return tensors;
  }

  private SequencedMap<String, RawTensor> encoder(String prefix) {
    EncoderConfig config = classifier.config();
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    for (String name : EncoderNames.all(config)) {
      tensors.put(prefix + config.family().checkpointName(name), raw(name));
    }
    return tensors;
  }

  private RawTensor raw(String name) {
    return Tensors.raw(classifier.parameters().get(name));
  }

  private void writeModules(Path folder, Pooling pooling) throws IOException {
    int width = classifier.config().hiddenSize();
    writePooled(folder, pooling, Optional.of(new Module("2_Dense", "Dense")));
    Path dense = Files.createDirectory(folder.resolve("2_Dense"));
    writeJson(dense.resolve(CONFIG), SentenceTransformers.dense(width, classifier.labels().size()));
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    tensors.put("linear.weight", raw(EncoderNames.HEAD_OUTPUT + ".weight"));
    tensors.put("linear.bias", raw(EncoderNames.HEAD_OUTPUT + ".bias"));
    writeWeights(dense.resolve(WEIGHTS), tensors);
  }

  private void writeModules(Path folder, Pooling pooling, boolean normalized) throws IOException {
    writePooled(
        folder,
        pooling,
        normalized ? Optional.of(new Module("2_Normalize", "Normalize")) : Optional.empty());
  }

  /// The step after pooling.
  private record Module(String folder, String type) {}

  private void writePooled(Path folder, Pooling pooling, Optional<Module> last) throws IOException {
    List<Object> modules = new ArrayList<>();
    modules.add(SentenceTransformers.module(0, "", "Transformer"));
    modules.add(SentenceTransformers.module(1, "1_Pooling", "Pooling"));
    last.ifPresent(
        module -> modules.add(SentenceTransformers.module(2, module.folder(), module.type())));
    writeJson(folder.resolve("modules.json"), modules);
    Map<String, String> prompts = ModelFolder.prompts(source.resolve(ModelFolder.PROMPTS));
    writeJson(folder.resolve(ModelFolder.PROMPTS), SentenceTransformers.model(prompts));
    Path poolingFolder = Files.createDirectory(folder.resolve("1_Pooling"));
    int width = classifier.config().hiddenSize();
    writeJson(poolingFolder.resolve(CONFIG), SentenceTransformers.pooling(pooling, width));
  }

  private static void writeWeights(Path file, SequencedMap<String, RawTensor> tensors)
      throws IOException {
    SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
  }

  private static void writeJson(Path file, Object content) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(content) + "\n");
  }
}
