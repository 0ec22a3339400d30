package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MaskedLanguageModelExporterTest {

  @TempDir Path temporary;

  /// transformers wrote the checkpoint; writing it again must give the same names and bytes.
  @ParameterizedTest
  @ValueSource(strings = {"bert-masked", "distilbert-masked", "roberta-masked"})
  void writesWhatTransformersWrites(String name) throws IOException {
    Path source = Students.folder(name, temporary);
    Path target = temporary.resolve("student");
    try (MaskedLanguageModel model = ModelWeights.maskedLanguageModel(ModelFolder.read(source))) {
      new MaskedLanguageModelExporter(model, source, 16).write(target);

      Pretrained read = ModelFolder.read(target);
      assertThat(read.tokenHead()).isTrue();
      assertThat(read.head()).isEmpty();
      assertThat(read.config()).isEqualTo(model.config());
      assertThat(read.maxLength()).isEqualTo(16);
    }
    try (SafetensorsFile original = SafetensorsFile.open(source.resolve("model.safetensors"));
        SafetensorsFile written = SafetensorsFile.open(target.resolve("model.safetensors"))) {
      assertThat(new TreeSet<>(written.names())).isEqualTo(new TreeSet<>(original.names()));
      for (String tensor : original.names()) {
        RawTensor expected = original.get(tensor);
        assertThat(written.get(tensor).shape()).as(tensor).isEqualTo(expected.shape());
        assertThat(written.get(tensor).toFloats()).as(tensor).isEqualTo(expected.toFloats());
      }
    }
    assertThat(json(target).get("architectures")).isEqualTo(json(source).get("architectures"));
    assertThat(json(target).get("tie_word_embeddings").asBoolean()).isTrue();
    assertThat(target.resolve("tokenizer.json")).hasSameBinaryContentAs(Students.TOKENIZER);
  }

  @Test
  void refusesMoreTokensThanPositions() throws IOException {
    Path source = Students.folder("bert-masked", temporary);
    try (MaskedLanguageModel model = ModelWeights.maskedLanguageModel(ModelFolder.read(source))) {
      assertThatThrownBy(() -> new MaskedLanguageModelExporter(model, source, 41))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("maxLength 41 must be from 1 to 40");
    }
  }

  private static JsonNode json(Path folder) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(folder.resolve("config.json")));
  }
}
