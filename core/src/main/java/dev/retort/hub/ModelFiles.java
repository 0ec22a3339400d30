package dev.retort.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which files of a repository make up a model: configuration, tokenizer, the modules of
/// sentence-transformers, and weights in safetensors.
final class ModelFiles {

  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> DESCRIPTIONS =
      Set.of(
          CONFIG,
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "preprocessor_config.json",
          "modules.json",
          "sentence_bert_config.json",
          "config_sentence_transformers.json");
  private static final Pattern MODULE =
      Pattern.compile("\\d+_[A-Za-z]+/(?:config\\.json|model\\.safetensors)");
  private static final Pattern OTHER_WEIGHTS =
      Pattern.compile(".*\\.(?:bin|pt|pth|h5|msgpack|ot|onnx|gguf|safetensors)");

  private ModelFiles() {}

  /// The files to fetch first: all but the shards that an index names.
  ///
  /// @throws HubException when the repository has no configuration or no safetensors weights
  static List<String> first(Address.HuggingFace model, List<String> files) throws HubException {
    if (!files.contains(CONFIG)) {
      throw new HubException(
          "%s: the repository has no %s, so it holds no model that Retort can read; it has %s"
              .formatted(model.text(), CONFIG, files));
    }
    List<String> chosen = new ArrayList<>();
    for (String file : files) {
      if (DESCRIPTIONS.contains(file) || MODULE.matcher(file).matches()) {
        chosen.add(file);
      }
    }
    chosen.add(weights(model, files));
    return chosen;
  }

  private static String weights(Address.HuggingFace model, List<String> files) throws HubException {
    if (files.contains(WEIGHTS)) {
      return WEIGHTS;
    }
    if (files.contains(INDEX)) {
      return INDEX;
    }
    List<String> others = files.stream().filter(f -> OTHER_WEIGHTS.matcher(f).matches()).toList();
    throw new HubException(
        "%s: expected %s or %s, found %s; choose a revision or a repository with safetensors"
            .formatted(model.text(), WEIGHTS, INDEX, others.isEmpty() ? "no weights" : others));
  }

  /// The shards that the index in `snapshot` names; none when the weights are one file.
  ///
  /// @throws HubException when the index is damaged
  static List<String> shards(Address.HuggingFace model, Path snapshot) throws IOException {
    Path index = snapshot.resolve(INDEX);
    if (Files.exists(snapshot.resolve(WEIGHTS)) || !Files.exists(index)) {
      return List.of();
    }
    Set<String> shards = new TreeSet<>();
    for (JsonNode shard : weightMap(model, index)) {
      shards.add(shard.asString());
    }
    if (shards.isEmpty()) {
      throw new HubException(
          "%s: %s has no weight_map, so its shards are unknown; remove it and fetch again"
              .formatted(model.text(), index));
    }
    return List.copyOf(shards);
  }

  private static JsonNode weightMap(Address.HuggingFace model, Path index) throws HubException {
    try {
      return JSON.readTree(index).path("weight_map");
    } catch (JacksonException e) {
      throw new HubException(
          "%s: %s is not valid JSON: %s; remove it and fetch again"
              .formatted(model.text(), index, e.getOriginalMessage()),
          e);
    }
  }
}
