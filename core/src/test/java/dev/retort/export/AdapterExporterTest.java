package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.Parameters;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.model.decoder.Lora;
import dev.retort.model.decoder.Projection;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// That PEFT loads such folders, and computes what the merged model does, was checked by hand.
class AdapterExporterTest {

  private static final String PREFIX = "base_model.model.";

  @TempDir Path root;

  /// `B A · alpha / r` of every module, as PEFT computes it, is what merging adds to its matrix.
  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen3", "gemma3", "gpt2"})
  void theFilesHoldWhatMergingAdds(String family) throws IOException {
    Lora lora =
        new Lora(4, 6, List.of(Projection.QUERY, Projection.VALUE, Projection.UP, Projection.DOWN));
    try (CausalLanguageModel base = GoldenDecoders.model(family);
        CausalLanguageModel adapted = disturbed(base.adapted(lora, Precision.FP32, 5))) {
      new AdapterExporter(adapted, "./base").write(root.resolve("adapter"));

      JsonNode config = config();
      try (SafetensorsFile file =
              SafetensorsFile.open(root.resolve("adapter/adapter_model.safetensors"));
          Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        SequencedMap<String, Tensor> after = checkpoint(base, adapted.merged());
        checkpoint(base, base.parameters())
            .forEach((name, before) ->
                assertThat(added(name, file, config).map(before::plus).orElse(before).toFloats())
                    .as(name)
                    .containsExactly(
                        Objects.requireNonNull(after.get(name)).toFloats(), within(1e-5f)));
        int modules = family.equals("gpt2") ? 3 : 4;
        assertThat(file.names()).hasSize(2 * modules * base.config().layers());
      }
    }
  }

  private static Optional<Tensor> added(String weight, SafetensorsFile file, JsonNode config) {
    String module = weight.substring(0, weight.lastIndexOf('.'));
    String a = PREFIX + module + ".lora_A.weight";
    if (!weight.endsWith(".weight") || !file.names().contains(a)) {
      return Optional.empty();
    }
    Tensor product =
        Tensors.of(file.get(PREFIX + module + ".lora_B.weight"))
            .matmul(Tensors.of(file.get(a)))
            .times(scale(config, module));
    return Optional.of(
        config.path("fan_in_fan_out").asBoolean() ? product.transpose(0, 1) : product);
  }

  /// Over the rank that a pattern may give a module.
  private static double scale(JsonNode config, String module) {
    JsonNode ranks = config.path("rank_pattern");
    JsonNode alphas = config.path("alpha_pattern");
    for (String key : ranks.propertyNames()) {
      if (module.endsWith("." + key)) {
        return alphas.path(key).asDouble() / ranks.path(key).asDouble();
      }
    }
    return config.path("lora_alpha").asDouble() / config.path("r").asDouble();
  }

  @Test
  void theConfigurationNamesTheBaseAndItsModules() throws IOException {
    try (CausalLanguageModel base = GoldenDecoders.model("llama");
        CausalLanguageModel adapted = base.adapted(new Lora(4, 6, List.of()), Precision.FP32, 5)) {
      new AdapterExporter(adapted, "hf:HuggingFaceTB/SmolLM2-135M@main")
          .write(root.resolve("adapter"));

      assertThat(config())
          .isEqualTo(
              JsonMapper.shared()
                  .readTree(
                      """
                      {"peft_type": "LORA", "task_type": "CAUSAL_LM",
                       "base_model_name_or_path": "HuggingFaceTB/SmolLM2-135M", "revision": "main",
                       "r": 4, "lora_alpha": 6.0, "rank_pattern": {}, "alpha_pattern": {},
                       "target_modules": ["self_attn.q_proj", "self_attn.k_proj",
                         "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj",
                         "mlp.down_proj"],
                       "fan_in_fan_out": false, "lora_dropout": 0.0, "bias": "none",
                       "inference_mode": true}
                      """));
      try (SafetensorsFile file =
          SafetensorsFile.open(root.resolve("adapter/adapter_model.safetensors"))) {
        assertThat(file.get("base_model.model.model.layers.2.mlp.down_proj.lora_A.weight").shape())
            .containsExactly(4L, 48L);
        assertThat(file.get("base_model.model.model.layers.2.mlp.down_proj.lora_B.weight").shape())
            .containsExactly(32L, 4L);
      }
    }
  }

  /// Queries, keys and values are one matrix there.
  @Test
  void adaptersOfJoinedMatricesBecomeOne() throws IOException {
    try (CausalLanguageModel base = GoldenDecoders.model("gpt2");
        CausalLanguageModel adapted = base.adapted(new Lora(4, 6, List.of()), Precision.FP32, 5)) {
      new AdapterExporter(adapted, "./base").write(root.resolve("adapter"));

      JsonNode config = config();
      assertThat(config.path("rank_pattern").toString()).isEqualTo("{\"attn.c_attn\":12}");
      assertThat(config.path("alpha_pattern").toString()).isEqualTo("{\"attn.c_attn\":18.0}");
      assertThat(config.path("target_modules").toString())
          .isEqualTo("[\"attn.c_attn\",\"attn.c_proj\",\"mlp.c_fc\",\"mlp.c_proj\"]");
    }
  }

  private JsonNode config() throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(root.resolve("adapter/adapter_config.json")));
  }

  private static SequencedMap<String, Tensor> checkpoint(
      CausalLanguageModel model, Parameters parameters) {
    return DecoderWeights.toCheckpoint(parameters, model.config());
  }

  private static CausalLanguageModel disturbed(CausalLanguageModel model) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Seed.set(3);
      model
          .parameters()
          .all()
          .forEach(tensor -> tensor.detach().setInPlace(Tensors.normal(0, 0.1, tensor.shape())));
    }
    return model;
  }
}
