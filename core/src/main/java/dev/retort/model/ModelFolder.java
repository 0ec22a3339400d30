package dev.retort.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reads what a Hugging Face or sentence-transformers folder says about its model, without its
/// weights; [ModelWeights] reads those.
public final class ModelFolder {

  private static final String PROMPTS = "config_sentence_transformers.json";

  private static final String DENSE = "2_Dense";

  private final Path folder;

  private ModelFolder(Path folder) {
    this.folder = folder;
  }

  /// Reads the description of the model in `folder`.
  ///
  /// @throws ModelException if the folder is not one, a file is missing or broken, or the model is
  ///   of a family Retort does not know
  public static Pretrained read(Path folder) throws IOException {
    return new ModelFolder(folder).read();
  }

  private Pretrained read() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new ModelException("%s: there is no such folder".formatted(folder));
    }
    JsonNode json = json("config.json");
    EncoderConfig config = family(json).read(json);
    requireFile("tokenizer.json");
    Optional<Head> head = head(json, config.family());
    return new Pretrained(
        folder,
        config,
        pooling(),
        normalized(),
        prompts(),
        head,
        head.isPresent() ? labels(json) : List.of(),
        tokenHead(json),
        maxLength(config));
  }

  private Family family(JsonNode json) {
    String modelType = json.path("model_type").asString("");
    return Family.ofModelType(modelType)
        .orElseThrow(() ->
            new ModelException(
                "%s: model_type '%s' is not one of %s"
                    .formatted(
                        folder.resolve("config.json"),
                        modelType,
                        Family.ALL.stream().map(Family::modelType).toList())));
  }

  private Optional<Head> head(JsonNode json, Family family) throws IOException {
    if (architecture(json).endsWith("ForSequenceClassification")) {
      return Optional.of(new Head.FirstToken(family.headActivation()));
    }
    if (Files.exists(folder.resolve(DENSE)) && json.has("id2label")) {
      return Optional.of(new Head.PooledLinear(pooling().orElse(Pooling.MEAN)));
    }
    return Optional.empty();
  }

  private boolean tokenHead(JsonNode json) {
    boolean found = architecture(json).endsWith("ForMaskedLM");
    if (found && !json.path("tie_word_embeddings").asBoolean(true)) {
      throw new ModelException(
          "%s: tie_word_embeddings must be true; Retort multiplies by the word embeddings in the"
                  .formatted(folder.resolve("config.json"))
              + " masked-LM head");
    }
    return found;
  }

  private static String architecture(JsonNode json) {
    return json.path("architectures").path(0).asString("");
  }

  private Optional<Pooling> pooling() throws IOException {
    if (!Files.exists(folder.resolve("1_Pooling/config.json"))) {
      return Optional.empty();
    }
    JsonNode json = json("1_Pooling/config.json");
    if (json.path("pooling_mode_mean_tokens").asBoolean(false)
        || json.path("pooling_mode").asString("").equals("mean")) {
      return Optional.of(Pooling.MEAN);
    }
    if (json.path("pooling_mode_cls_token").asBoolean(false)
        || json.path("pooling_mode").asString("").equals("cls")) {
      return Optional.of(Pooling.CLS);
    }
    throw new ModelException(
        "%s: Retort knows mean and CLS pooling, and the file names neither"
            .formatted(folder.resolve("1_Pooling/config.json")));
  }

  /// Whether one of the modules of sentence-transformers makes vectors of length 1.
  private boolean normalized() throws IOException {
    return Files.exists(folder.resolve("modules.json"))
        && json("modules.json")
            .valueStream()
            .anyMatch(module -> module.path("type").asString("").endsWith("Normalize"));
  }

  /// The `prompts` of sentence-transformers, such as `query` → `query: `.
  private Map<String, String> prompts() throws IOException {
    SequencedMap<String, String> prompts = new LinkedHashMap<>();
    if (Files.exists(folder.resolve(PROMPTS))) {
      json(PROMPTS)
          .path("prompts")
          .propertyStream()
          .forEach(prompt -> prompts.put(prompt.getKey(), prompt.getValue().asString("")));
    }
    return prompts;
  }

  private List<String> labels(JsonNode json) {
    TreeMap<Integer, String> byIndex = new TreeMap<>();
    json.path("id2label")
        .propertyStream()
        .forEach(
            entry -> byIndex.put(Integer.valueOf(entry.getKey()), entry.getValue().asString()));
    if (byIndex.isEmpty()) {
      throw new ModelException(
          "%s: a classifier needs id2label".formatted(folder.resolve("config.json")));
    }
    return new ArrayList<>(byIndex.values());
  }

  private int maxLength(EncoderConfig config) throws IOException {
    if (!Files.exists(folder.resolve("sentence_bert_config.json"))) {
      return config.maxLength();
    }
    int stated = json("sentence_bert_config.json").path("max_seq_length").asInt(config.maxLength());
    return Math.min(stated, config.maxLength());
  }

  private JsonNode json(String name) throws IOException {
    requireFile(name);
    return ModelJson.read(folder.resolve(name));
  }

  private void requireFile(String name) {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new ModelException(
          "%s: %s is missing; a model folder holds config.json, tokenizer.json and model.safetensors"
              .formatted(folder, name));
    }
  }
}
