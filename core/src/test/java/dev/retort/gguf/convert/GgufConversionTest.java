package dev.retort.gguf.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufFile;
import dev.retort.gguf.GgufTensor;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.GgufValue;
import dev.retort.gguf.TestRows;
import dev.retort.gguf.convert.DecoderShape.RopeScaling;
import dev.retort.tensor.DType;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Decoders go from GGUF to Hugging Face's layout, and back without loss.
class GgufConversionTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource
  void aModelComesBackAsItWas(Architecture architecture) throws IOException {
    Path first = TinyGguf.of(architecture).write(temporary.resolve("first.gguf"));
    Path folder = temporary.resolve("folder");
    Path second = temporary.resolve("second.gguf");

    GgufConversion.toFolder(first, folder, DType.FLOAT32);
    GgufConversion.toGguf(folder, second, GgufType.F32);

    try (GgufFile before = GgufFile.open(first);
        GgufFile after = GgufFile.open(second)) {
      assertThat(after.tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(before.tensors().keySet());
      for (GgufTensor tensor : before.tensors().values()) {
        assertThat(after.get(tensor.name()).toFloats())
            .as(tensor.name())
            .containsExactly(
                tensor.toFloats(), within(architecture == Architecture.GEMMA3 ? 1e-5f : 0f));
      }
      for (Map.Entry<String, GgufValue> entry : before.metadata().values().entrySet()) {
        if (!entry.getKey().endsWith("scores")) {
          assertThat(after.metadata().values()).containsEntry(entry.getKey(), entry.getValue());
        }
      }
    }
  }

  @Test
  void llamasRotaryPairsMoveFromNeighboursToHalves() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.LLAMA));

    try (GgufFile gguf = GgufFile.open(temporary.resolve("tiny.gguf"));
        SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      float[] before = gguf.get("blk.1.attn_k.weight").toFloats();
      float[] after = weights.get("model.layers.1.self_attn.k_proj.weight").toFloats();
      float[] biasBefore = gguf.get("blk.1.attn_k.bias").toFloats();
      float[] biasAfter = weights.get("model.layers.1.self_attn.k_proj.bias").toFloats();
      int half = TinyGguf.HEAD / 2;
      for (int head = 0; head < TinyGguf.KEYS; head++) {
        for (int pair = 0; pair < half; pair++) {
          for (int side = 0; side < 2; side++) {
            int from = head * TinyGguf.HEAD + 2 * pair + side;
            int to = head * TinyGguf.HEAD + side * half + pair;
            assertThat(after[to * TinyGguf.HIDDEN]).isEqualTo(before[from * TinyGguf.HIDDEN]);
            assertThat(biasAfter[to]).isEqualTo(biasBefore[from]);
          }
        }
      }
      assertThat(weights.get("model.layers.1.self_attn.v_proj.weight").toFloats())
          .containsExactly(gguf.get("blk.1.attn_v.weight").toFloats());
    }
  }

  @Test
  void qwensRowsStayWhereTheyAre() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.QWEN3));

    try (GgufFile gguf = GgufFile.open(temporary.resolve("tiny.gguf"));
        SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      assertThat(weights.get("model.layers.0.self_attn.q_proj.weight").toFloats())
          .containsExactly(gguf.get("blk.0.attn_q.weight").toFloats());
    }
  }

  @Test
  void gemmasNormsLoseTheOneThatLlamaCppAdds() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.GEMMA3));

    try (GgufFile gguf = GgufFile.open(temporary.resolve("tiny.gguf"));
        SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      for (Map.Entry<String, String> names :
          Map.of(
                  "blk.1.ffn_norm", "model.layers.1.pre_feedforward_layernorm",
                  "blk.1.post_attention_norm", "model.layers.1.post_attention_layernorm",
                  "blk.1.attn_q_norm", "model.layers.1.self_attn.q_norm",
                  "output_norm", "model.norm")
              .entrySet()) {
        assertThat(weights.get(names.getValue() + ".weight").toFloats()[3])
            .isEqualTo(gguf.get(names.getKey() + ".weight").toFloats()[3] - 1);
      }
    }
    JsonNode config = config(folder);
    assertThat(config.get("layer_types").toString())
        .isEqualTo("[\"sliding_attention\",\"sliding_attention\"]");
    assertThat(config.get("sliding_window").intValue()).isEqualTo(16);
    assertThat(config.get("tie_word_embeddings").booleanValue()).isTrue();
  }

  @Test
  void gpt2sMatricesAreTransposed() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.GPT2));

    try (GgufFile gguf = GgufFile.open(temporary.resolve("tiny.gguf"));
        SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      float[] before = gguf.get("blk.0.ffn_up.weight").toFloats();
      var after = weights.get("transformer.h.0.mlp.c_fc.weight");
      assertThat(after.shape())
          .containsExactly((long) TinyGguf.HIDDEN, (long) TinyGguf.FEED_FORWARD);
      assertThat(after.toFloats()[5 * TinyGguf.FEED_FORWARD + 7])
          .isEqualTo(before[7 * TinyGguf.HIDDEN + 5]);
    }
  }

  @Test
  void theConfigurationIsThatOfTransformers() throws IOException {
    JsonNode config = config(convert(TinyGguf.of(Architecture.LLAMA)));

    assertThat(config.get("architectures").toString()).isEqualTo("[\"LlamaForCausalLM\"]");
    assertThat(config.get("model_type").stringValue()).isEqualTo("llama");
    assertThat(config.get("num_key_value_heads").intValue()).isEqualTo(2);
    assertThat(config.get("head_dim").intValue()).isEqualTo(8);
    assertThat(config.get("rope_theta").doubleValue()).isEqualTo(50_000);
    assertThat(config.get("rms_norm_eps").doubleValue()).isCloseTo(1e-6, within(1e-12));
    assertThat(config.get("tie_word_embeddings").booleanValue()).isFalse();
    assertThat(config.get("attention_bias").booleanValue()).isTrue();
    assertThat(config.get("bos_token_id").intValue()).isEqualTo(1);
    assertThat(config.get("eos_token_id").intValue()).isEqualTo(2);
  }

  @Test
  void weightsAreStoredAsAsked() throws IOException {
    Path file = TinyGguf.of(Architecture.QWEN2).write(temporary.resolve("tiny.gguf"));
    Path folder = temporary.resolve("folder");

    GgufConversion.toFolder(file, folder, DType.BFLOAT16);

    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      assertThat(weights.get("model.norm.weight").dtype()).isEqualTo(DType.BFLOAT16);
    }
    assertThat(config(folder).get("torch_dtype").stringValue()).isEqualTo("bfloat16");
  }

  @Test
  void mistralIsALlama() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.LLAMA));
    edit(folder, config -> config.put("model_type", "mistral"));
    Path back = temporary.resolve("back.gguf");

    GgufConversion.toGguf(folder, back, GgufType.F32);

    try (GgufFile file = GgufFile.open(back)) {
      assertThat(file.metadata().text("general.architecture")).isEqualTo("llama");
    }
  }

  @Test
  void llama3sFrequenciesAreThoseOfTransformers() throws IOException {
    // transformers 5.23: the default frequencies over those of rope_type llama3, at 14 to 18 of 32.
    RopeScaling.Llama3 scaling = new RopeScaling.Llama3(32, 1, 4, 8192);

    float[] divisors = scaling.divisors(500_000, 64);

    assertThat(divisors).hasSize(32);
    assertThat(divisors[14]).isEqualTo(1);
    assertThat(divisors[15]).isCloseTo(1.651329f, within(2e-6f));
    assertThat(divisors[16]).isCloseTo(3.292263f, within(4e-6f));
    assertThat(divisors[17]).isCloseTo(9.66673f, within(1e-5f));
    assertThat(divisors[18]).isEqualTo(32);
  }

  @Test
  void llama3sScalingIsFoundInTheTensorAndWrittenAgain() throws IOException {
    RopeScaling.Llama3 scaling = new RopeScaling.Llama3(8, 1, 4, 8192);
    float[] divisors = scaling.divisors(500_000, TinyGguf.HEAD);
    TinyGguf tiny =
        TinyGguf.of(Architecture.LLAMA)
            .put("llama.rope.freq_base", GgufValue.float32(500_000))
            .tensor("rope_freqs.weight", new HeldRow(divisors));
    Path folder = convert(tiny);
    Path back = temporary.resolve("back.gguf");
    GgufConversion.toGguf(folder, back, GgufType.F16);

    assertThat(config(folder).get("rope_scaling").toString())
        .isEqualTo(
            "{\"rope_type\":\"llama3\",\"factor\":8.0,\"low_freq_factor\":1.0,\"high_freq_factor\":4.0,\"original_max_position_embeddings\":8192}");
    try (GgufFile file = GgufFile.open(back)) {
      assertThat(file.get("rope_freqs.weight").toFloats()).containsExactly(divisors);
    }
    refused(
        tiny.tensor("rope_freqs.weight", new HeldRow(new float[] {1, 2, 3, 8})),
        "tensor 'rope_freqs.weight' is not Llama 3's for a factor of 8.0");
  }

  @Test
  void whatCannotBeConvertedWholeIsRefused() {
    refused(
        TinyGguf.of(Architecture.LLAMA).put("general.architecture", new GgufValue.Text("mamba")),
        "the architecture 'mamba' cannot be converted; Retort knows [llama, qwen2, qwen3, gemma3,");
    refused(
        TinyGguf.of(Architecture.LLAMA).put("llama.expert_count", GgufValue.uint32(8)),
        "the model has 8 experts");
    refused(
        TinyGguf.of(Architecture.LLAMA).tensor("blk.0.ssm_a.weight", 4),
        "tensor 'blk.0.ssm_a.weight' is none that Retort knows for llama");
    refused(
        TinyGguf.of(Architecture.LLAMA).remove("llama.block_count"),
        "the metadata has no 'llama.block_count'");
    refused(
        TinyGguf.of(Architecture.LLAMA)
            .put("llama.rope.scaling.type", new GgufValue.Text("longrope")),
        "metadata 'llama.rope.scaling.type' is 'longrope'; Retort knows none, linear and yarn");
    refused(
        TinyGguf.of(Architecture.QWEN2).put("tokenizer.ggml.pre", new GgufValue.Text("bloom")),
        "metadata 'tokenizer.ggml.pre' is 'bloom'; Retort knows [gpt-2,");
    refused(
        TinyGguf.of(Architecture.QWEN2).put("tokenizer.ggml.eos_token_id", GgufValue.uint32(99)),
        "metadata 'tokenizer.ggml.eos_token_id' is 99, but there are 11 tokens");
    refused(
        TinyGguf.of(Architecture.QWEN2).tensor("token_embd.weight", 4, TinyGguf.HIDDEN),
        "the tokenizer has 11 tokens, but there are embeddings for 4");
  }

  @Test
  void aFolderThatCannotBeConvertedIsRefused() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.LLAMA));

    edit(folder, config -> config.put("sliding_window", 4096));
    refusedFolder(folder, "config.json: sliding_window is 4096; llama.cpp reads");
    edit(folder, config -> config.remove("sliding_window"));
    edit(folder, config -> config.put("hidden_size", "wide"));
    refusedFolder(folder, "config.json: 'hidden_size' must be a whole number, found \"wide\"");
    edit(folder, config -> config.put("hidden_size", 32).put("model_type", "bloom"));
    refusedFolder(folder, "config.json: the model_type 'bloom' cannot be converted");
    edit(folder, config -> config.put("model_type", "llama").remove("rms_norm_eps"));
    refusedFolder(folder, "config.json: 'rms_norm_eps' is missing");
    Files.delete(folder.resolve("model.safetensors"));
    refusedFolder(folder, "neither model.safetensors nor model.safetensors.index.json is there");
  }

  @Test
  void weightsInSeveralFilesAreReadByTheirIndex() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.QWEN2));
    Path whole = temporary.resolve("whole.gguf");
    GgufConversion.toGguf(folder, whole, GgufType.F32);
    Files.move(folder.resolve("model.safetensors"), folder.resolve("part-1.safetensors"));
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\": {\"model.norm.weight\": \"part-1.safetensors\"}}");
    Path parts = temporary.resolve("parts.gguf");

    GgufConversion.toGguf(folder, parts, GgufType.F32);

    assertThat(parts).hasSameBinaryContentAs(whole);
    Files.writeString(index, "{\"weight_map\": {\"model.norm.weight\": \"../secret\"}}");
    refusedFolder(folder, "weight_map names the file '../secret'; a plain name is allowed");
  }

  @Test
  void mostMatricesGetTheTypeAndTheLogitsMore() throws IOException {
    TinyGguf tiny =
        TinyGguf.of(Architecture.LLAMA)
            .tensor("blk.0.ffn_down.weight", new TestRows(new float[32][40]))
            .tensor("blk.1.ffn_down.weight", new TestRows(new float[32][256]))
            .tensor("output.weight", new TestRows(new float[267][256]));
    Path file = tiny.write(temporary.resolve("tiny.gguf"));

    assertThat(typesOf(file, GgufType.Q4_K))
        .containsEntry("blk.1.ffn_down.weight", GgufType.Q4_K)
        .containsEntry("blk.0.attn_q.weight", GgufType.Q5_0)
        .containsEntry("blk.0.ffn_down.weight", GgufType.F16)
        .containsEntry("output.weight", GgufType.Q6_K)
        .containsEntry("output_norm.weight", GgufType.F32);
    assertThat(typesOf(file, GgufType.Q8_0))
        .containsEntry("output.weight", GgufType.Q8_0)
        .containsEntry("blk.0.attn_q.weight", GgufType.Q8_0)
        .containsEntry("blk.0.attn_q.bias", GgufType.F32);
    assertThat(typesOf(file, GgufType.F16))
        .containsEntry("output.weight", GgufType.F16)
        .containsEntry("output_norm.weight", GgufType.F32);
  }

  private Map<String, GgufType> typesOf(Path file, GgufType type) throws IOException {
    Path target = temporary.resolve(type + ".gguf");
    GgufConversion.quantize(file, target, type);
    try (GgufFile read = GgufFile.open(target)) {
      return read.tensors().values().stream()
          .collect(Collectors.toMap(GgufTensor::name, GgufTensor::type));
    }
  }

  private Path convert(TinyGguf tiny) throws IOException {
    Path folder = temporary.resolve("folder");
    GgufConversion.toFolder(tiny.write(temporary.resolve("tiny.gguf")), folder, DType.FLOAT32);
    return folder;
  }

  private static JsonNode config(Path folder) throws IOException {
    return JSON.readTree(Files.readString(folder.resolve("config.json")));
  }

  private static void edit(Path folder, Consumer<ObjectNode> change) throws IOException {
    ObjectNode config = (ObjectNode) config(folder);
    change.accept(config);
    Files.writeString(folder.resolve("config.json"), config.toString());
  }

  private void refused(TinyGguf tiny, String message) {
    assertThatThrownBy(() ->
            GgufConversion.toFolder(
                tiny.write(temporary.resolve("refused.gguf")),
                temporary.resolve("none"),
                DType.FLOAT32))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining(message);
    assertThat(temporary.resolve("none")).doesNotExist();
  }

  private void refusedFolder(Path folder, String message) {
    Path target = temporary.resolve("refused.gguf");
    assertThatThrownBy(() -> GgufConversion.toGguf(folder, target, GgufType.F32))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining(message);
    assertThat(target).doesNotExist();
  }
}
