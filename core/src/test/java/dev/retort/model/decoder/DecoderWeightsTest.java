package dev.retort.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.Checkpoint;
import dev.retort.model.ModelException;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DecoderWeightsTest {

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "qwen2", "qwen3", "gemma3", "gpt2"})
  void aCheckpointIsWrittenAsItWasRead(String name) throws IOException {
    Path folder = GoldenDecoders.folder(name);
    try (CausalLanguageModel model = GoldenDecoders.model(name);
        Checkpoint checkpoint = Checkpoint.open(folder);
        Scope _ = Scope.open()) {
      SequencedMap<String, Tensor> written =
          DecoderWeights.toCheckpoint(model.parameters(), model.config());

      assertThat(written).isNotEmpty();
      written.forEach((tensor, value) -> {
        Tensor stored = Tensors.of(checkpoint.find(tensor).orElseThrow());
        assertThat(value.shape()).as(tensor).isEqualTo(stored.shape());
        assertThat(value.toFloats()).as(tensor).containsExactly(stored.toFloats());
      });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "qwen2", "qwen3", "gemma3", "gpt2"})
  void aConfigurationIsReadAsItWasWritten(String name) throws IOException {
    DecoderConfig config = GoldenDecoders.config(GoldenDecoders.folder(name));
    JsonNode written =
        JsonMapper.shared().valueToTree(config.family().write(config.withLayers(List.of(0, 2))));

    DecoderConfig again = config.family().read(written);

    assertThat(again.attention().scale()).isCloseTo(config.attention().scale(), within(1e-12));
    assertThat(again)
        .usingRecursiveComparison()
        .ignoringFields("attention.scale")
        .isEqualTo(config.withLayers(List.of(0, 2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          qwen2   | {"rope_scaling": {"rope_type": "yarn", "factor": 4}, "rope_parameters": null} | rope_scaling of type 'yarn' is not one of [default, linear, llama3]
          gemma3  | {"final_logit_softcapping": 30} | final_logit_softcapping is 30; Retort reads Gemma 3
          qwen2   | {"layer_types": ["chunked_attention"]} | layer_types[0] 'chunked_attention' is not one of
          qwen2   | {"num_key_value_heads": 3} | 4 heads of width 8 with 3 key-value heads make no attention
          gpt2    | {"scale_attn_weights": false} | scale_attn_weights is false
          gpt2    | {"n_layer": "three"} | n_layer must be a whole number but is "three"
          llama   | {"num_hidden_layers": 0} | 0 layers, hidden size 32
          """)
  void whatCannotBeComputedIsRefused(String name, String change, String message)
      throws IOException {
    Path folder = GoldenDecoders.folder(name);
    DecoderFamily family = GoldenDecoders.config(folder).family();
    ObjectNode json =
        JsonMapper.shared()
            .readValue(Files.readString(folder.resolve("config.json")), ObjectNode.class);
    json.setAll(JsonMapper.shared().readValue(change, ObjectNode.class));

    assertThatThrownBy(() -> family.read(json))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void missingAndMisshapenTensorsAreNamed() throws IOException {
    Path folder = GoldenDecoders.folder("qwen3");
    DecoderConfig config = GoldenDecoders.config(folder);

    assertThatThrownBy(() -> DecoderWeights.read(folder, withBiases(config)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("9 tensors are missing")
        .hasMessageContaining("model.layers.0.self_attn.q_proj.bias");

    Files.copy(folder.resolve("model.safetensors"), root.resolve("model.safetensors"));
    DecoderConfig other = withVocabulary(config, 97);
    assertThatThrownBy(() -> DecoderWeights.read(root, other))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "model.embed_tokens.weight is [96, 32] but config.json says [97, 32]");
  }

  @Test
  void aBrokenListOfShardsIsNamed() throws IOException {
    Files.writeString(root.resolve("model.safetensors.index.json"), "{\"weight_map\": {");

    assertThatThrownBy(() -> Checkpoint.open(root))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model.safetensors.index.json: not valid JSON");
  }

  private static DecoderConfig withVocabulary(DecoderConfig config, int size) {
    return with(config, size, config.biases());
  }

  private static DecoderConfig withBiases(DecoderConfig config) {
    return with(config, config.vocabularySize(), new DecoderConfig.Biases(true, false, false));
  }

  private static DecoderConfig with(DecoderConfig config, int size, DecoderConfig.Biases biases) {
    return new DecoderConfig(
        config.family(),
        config.hiddenSize(),
        config.attention(),
        config.intermediateSize(),
        size,
        size,
        config.positions(),
        config.normEpsilon(),
        config.activation(),
        config.tied(),
        biases,
        config.spans());
  }
}
