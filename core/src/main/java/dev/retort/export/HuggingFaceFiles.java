package dev.retort.export;

import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Parameters;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsWriter;
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

/// What all Hugging Face folders have: tokenizer files, JSON, tensors by name.
final class HuggingFaceFiles {

  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";

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

  private HuggingFaceFiles() {}

  /// Checks that inputs of `maxLength` tokens have positions.
  static void requireLength(EncoderConfig config, int maxLength) {
    if (maxLength < 1 || maxLength > config.maxLength()) {
      throw new ExportException(
          "maxLength %d must be from 1 to %d, the positions of this model"
              .formatted(maxLength, config.maxLength()));
    }
  }

  /// Copies the tokenizer in `source`.
  ///
  /// @throws ExportException if there is none
  static void copyTokenizer(Path source, Path folder) throws IOException {
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

  /// The entries that every `config.json` begins with.
  static SequencedMap<String, Object> config(EncoderConfig config, String architecture) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of(config.family().className() + architecture));
    json.putAll(config.family().write(config));
    json.put("dtype", "float32");
    json.put("torch_dtype", "float32");
    return json;
  }

  /// The encoder's tensors under their names in checkpoints, each after `prefix`.
  static SequencedMap<String, RawTensor> encoder(
      EncoderConfig config, Parameters parameters, String prefix) {
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    for (String name : EncoderNames.all(config)) {
      tensors.put(prefix + config.family().checkpointName(name), Tensors.raw(parameters.get(name)));
    }
    return tensors;
  }

  /// The tensors with these names under their names in checkpoints.
  static SequencedMap<String, RawTensor> named(
      EncoderConfig config, Parameters parameters, List<String> names) {
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(config.family().checkpointName(name), Tensors.raw(parameters.get(name)));
    }
    return tensors;
  }

  static void writeWeights(Path file, SequencedMap<String, RawTensor> tensors) throws IOException {
    SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
  }

  static void writeJson(Path file, Object content) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(content) + "\n");
  }
}
