package dev.retort.model.decoder;

import dev.retort.model.ModelException;
import dev.retort.model.ModelJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// A decoder as it lies in a Hugging Face folder, before its weights are read.
///
/// @param folder where it lies
/// @param config its shape
/// @param endIds the tokens that end a text, the first of which is put behind those that are learnt
public record PretrainedDecoder(Path folder, DecoderConfig config, List<Integer> endIds) {

  public PretrainedDecoder {
    endIds = List.copyOf(endIds);
  }

  /// Whether the model in `folder` is a decoder that Retort knows.
  public static boolean isAt(Path folder) throws IOException {
    Path config = folder.resolve("config.json");
    return Files.isRegularFile(config)
        && DecoderFamily.ofModelType(json(config).path("model_type").asString("")).isPresent();
  }

  /// Reads the description of the model in `folder`.
  ///
  /// @throws ModelException if the folder is not one, a file is missing or broken, or the model is
  ///   of a family Retort does not know
  public static PretrainedDecoder read(Path folder) throws IOException {
    JsonNode json = json(folder.resolve("config.json"));
    String modelType = json.path("model_type").asString("");
    DecoderFamily family =
        DecoderFamily.ofModelType(modelType)
            .orElseThrow(() ->
                new ModelException(
                    "%s: model_type '%s' is not one of the language models %s"
                        .formatted(
                            folder.resolve("config.json"),
                            modelType,
                            DecoderFamily.all().stream().map(DecoderFamily::modelType).toList())));
    Path tokenizer = folder.resolve("tokenizer.json");
    requireFile(tokenizer);
    DecoderConfig config = family.read(json);
    int tokens = TokenIds.read(tokenizer).size();
    // A tokenizer may also know more than the model, which then must not be shown the rest.
    boolean padded = tokens > 0 && tokens < config.vocabularySize();
    return new PretrainedDecoder(
        folder, padded ? config.withTokens(tokens) : config, endIds(folder, json));
  }

  /// The token that is put behind texts that are learnt, if any ends them.
  public OptionalInt endId() {
    return endIds.stream().mapToInt(Integer::intValue).findFirst();
  }

  /// The file that tokenizes for this model.
  public Path tokenizer() {
    return folder.resolve("tokenizer.json");
  }

  /// Reads the weights, all in 32 bits.
  public CausalLanguageModel weights() throws IOException {
    return new CausalLanguageModel(config, DecoderWeights.read(folder, config));
  }

  /// `generation_config.json` knows more of them than `config.json`, where both name some.
  private static List<Integer> endIds(Path folder, JsonNode config) throws IOException {
    Path generation = folder.resolve("generation_config.json");
    JsonNode ids =
        Files.exists(generation) && json(generation).hasNonNull("eos_token_id")
            ? json(generation).path("eos_token_id")
            : config.path("eos_token_id");
    TreeSet<Integer> all = new TreeSet<>();
    if (ids.isArray()) {
      ids.valueStream().forEach(id -> all.add(id.intValue()));
    } else if (ids.isIntegralNumber()) {
      all.add(ids.intValue());
    }
    int first =
        config.path("eos_token_id").isIntegralNumber()
            ? config.path("eos_token_id").intValue()
            : -1;
    return all.stream().sorted((a, b) -> Boolean.compare(b == first, a == first)).toList();
  }

  private static JsonNode json(Path file) throws IOException {
    requireFile(file);
    return ModelJson.read(file);
  }

  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          "%s is missing; a model folder holds config.json, tokenizer.json and model.safetensors"
              .formatted(file));
    }
  }
}
