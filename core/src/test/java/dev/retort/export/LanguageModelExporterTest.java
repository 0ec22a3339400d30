package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.model.Checkpoint;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LanguageModelExporterTest {

  private static final Path GOLDEN = Path.of("src/test/resources/decoders");

  @TempDir Path root;

  /// That transformers reads these folders was checked with the same checkpoints.
  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "qwen2", "qwen3", "gemma3", "gpt2"})
  void aWrittenFolderIsReadAgain(String name) throws IOException {
    PretrainedDecoder source = PretrainedDecoder.read(copied(name));
    Path written = root.resolve("written");
    try (CausalLanguageModel model = source.weights();
        CausalLanguageModel student = model.withLayers(List.of(0, 2))) {
      new LanguageModelExporter(student, source).write(written);
    }

    PretrainedDecoder again = PretrainedDecoder.read(written);
    JsonNode config = json(written);
    assertThat(again.config().layers()).isEqualTo(2);
    assertThat(again.config().spans())
        .containsExactly(source.config().spans().get(0), source.config().spans().get(2));
    assertThat(again.endIds()).isEqualTo(source.endIds());
    for (String token : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
      assertThat(config.get(token)).as(token).isEqualTo(json(source.folder()).get(token));
    }
    assertThat(config.path("architectures").path(0).asString())
        .isEqualTo(json(source.folder()).path("architectures").path(0).asString());
    assertThat(written.resolve("chat_template.jinja")).hasContent("{{ messages }}");
    assertLastLayer(source, again);
    if (name.equals("gemma3")) {
      assertThat(config.path("query_pre_attn_scalar").isIntegralNumber()).isTrue();
    }
  }

  private static void assertLastLayer(PretrainedDecoder source, PretrainedDecoder written)
      throws IOException {
    String before = source.config().family().part("layers.2.mlp.up_proj.weight").name();
    String after = source.config().family().part("layers.1.mlp.up_proj.weight").name();
    try (Checkpoint old = Checkpoint.open(source.folder());
        Checkpoint made = Checkpoint.open(written.folder());
        Scope _ = Scope.open()) {
      assertThat(Tensors.of(made.find(after).orElseThrow()).toFloats())
          .containsExactly(Tensors.of(old.find(before).orElseThrow()).toFloats());
    }
  }

  private Path copied(String name) throws IOException {
    Path folder = Files.createDirectory(root.resolve(name));
    try (Stream<Path> files = Files.list(GOLDEN.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.copy(
        Path.of("src/test/resources/parity/tokenizer/tokenizer.json"),
        folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages }}");
    return folder;
  }

  private static JsonNode json(Path folder) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(folder.resolve("config.json")));
  }
}
