package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.model.Activation;
import dev.retort.model.Head;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pooling;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HuggingFaceExporterTest {

  @TempDir Path temporary;

  /// transformers wrote the checkpoint; writing it again must give the same names and bytes.
  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "xlm-roberta"})
  void familyHeadsAreWrittenAsTransformersWritesThem(String family) throws IOException {
    try (TextClassifier student = Students.ofFamily(family, temporary)) {
      export(student, student.config().maxLength());
    }
    assertSameTensors(Students.RESOURCES.resolve(family).resolve("model.safetensors"), Set.of());
    JsonNode written = json("config.json");
    JsonNode original =
        JsonMapper.shared()
            .readTree(Files.readString(Students.RESOURCES.resolve(family).resolve("config.json")));
    for (String key :
        List.of("architectures", "model_type", "id2label", "label2id", "vocab_size", "dtype")) {
      assertThat(written.get(key)).as(key).isEqualTo(original.get(key));
    }
  }

  @ParameterizedTest
  @CsvSource({"minilm, MEAN", "bge, CLS"})
  void pooledHeadsAreWrittenAsSentenceTransformersReadsThem(String name, Pooling pooling)
      throws IOException {
    try (TextClassifier student = Students.pooled(name, pooling, temporary)) {
      export(student, 16);
      assertThat(floats("2_Dense/model.safetensors", "linear.weight"))
          .containsExactly(student.parameters().get("head.output.weight").toFloats());
      assertThat(floats("2_Dense/model.safetensors", "linear.bias")).hasSize(3);
    }
    assertSameTensors(
        Students.RESOURCES.resolve(name).resolve("model.safetensors"),
        Set.of("pooler.dense.bias", "pooler.dense.weight"));
    assertThat(json("config.json").at("/architectures/0").asString()).isEqualTo("BertModel");
    assertThat(json("modules.json").findValuesAsString("type"))
        .containsExactly(
            "sentence_transformers.models.Transformer",
            "sentence_transformers.models.Pooling",
            "sentence_transformers.models.Dense");
    assertThat(json("1_Pooling/config.json").get("pooling_mode_cls_token").asBoolean())
        .isEqualTo(pooling == Pooling.CLS);
    assertThat(json("1_Pooling/config.json").get("pooling_mode_mean_tokens").asBoolean())
        .isEqualTo(pooling == Pooling.MEAN);
    assertThat(json("2_Dense/config.json"))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"in_features": 32, "out_features": 3, "bias": true,
                     "activation_function": "torch.nn.modules.linear.Identity"}
                    """));
  }

  @Test
  void aFamilyHeadReplacesAPooledOne() throws IOException {
    try (TextClassifier pooled = Students.pooled("bert", Pooling.CLS, temporary);
        TextClassifier student = Students.ofFamily("bert", temporary)) {
      export(pooled, 40);
      export(student, 40);
    }
    assertThat(target().resolve("modules.json")).doesNotExist();
    assertThat(ModelFolder.read(target()).pooling()).isEmpty();
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    for (Pooling pooling : Pooling.values()) {
      try (TextClassifier student = Students.pooled("minilm", pooling, temporary)) {
        assertReadBack(student);
      }
    }
    for (String family : List.of("bert", "distilbert", "roberta")) {
      try (TextClassifier student = Students.ofFamily(family, temporary)) {
        assertReadBack(student);
      }
    }
  }

  @Test
  void tokenizerFilesComeAlong() throws IOException {
    Path source = Students.folder("bert", temporary);
    Files.writeString(source.resolve("vocab.txt"), "[PAD]\n");
    Files.writeString(source.resolve("training_args.bin"), "not a tokenizer");
    try (TextClassifier student = Students.ofFamily("bert", temporary)) {
      new HuggingFaceExporter(student, source, 40).write(target());
    }
    assertThat(target().resolve("tokenizer.json")).hasSameBinaryContentAs(Students.TOKENIZER);
    assertThat(target().resolve("vocab.txt")).hasContent("[PAD]");
    assertThat(target().resolve("training_args.bin")).doesNotExist();
  }

  @Test
  void nothingIsLeftOfAnExportThatFails() throws IOException {
    try (TextClassifier student = Students.ofFamily("bert", temporary)) {
      var exporter = new HuggingFaceExporter(student, temporary.resolve("nowhere"), 40);
      assertThatThrownBy(() -> exporter.write(target()))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("has no tokenizer.json");
    }
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).containsExactly(temporary.resolve("checkpoint-bert"));
    }
  }

  @Test
  void headsThatTransformersDoesNotHaveAreRefused() throws IOException {
    try (TextClassifier bert = Students.ofFamily("bert", temporary);
        TextClassifier student =
            bert.withNewHead(new Head.FirstToken(Activation.RELU), List.of("a", "b"), 1);
        TextClassifier twins = bert.withNewHead(bert.head(), List.of("a", "a"), 1)) {
      assertThatThrownBy(() -> new HuggingFaceExporter(student, temporary, 40))
          .isInstanceOf(ExportException.class)
          .hasMessage("a bert head with relu cannot be written: transformers has tanh there");
      assertThatThrownBy(() -> new HuggingFaceExporter(twins, temporary, 40))
          .hasMessageContaining("[a, a] must not repeat");
    }
  }

  private void assertReadBack(TextClassifier student) throws IOException {
    export(student, 16);
    Pretrained read = ModelFolder.read(target());
    assertThat(read.config()).isEqualTo(student.config());
    assertThat(read.head()).contains(student.head());
    assertThat(read.labels()).isEqualTo(student.labels());
    assertThat(read.maxLength()).isEqualTo(16);
    try (TextClassifier again = ModelWeights.classifier(read)) {
      student
          .parameters()
          .byName()
          .forEach((name, tensor) ->
              assertThat(floats(again.parameters().get(name))).isEqualTo(floats(tensor)));
    }
  }

  private static List<Float> floats(Tensor tensor) {
    float[] values = tensor.toFloats();
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }

  private void export(TextClassifier student, int maxLength) throws IOException {
    Path source = temporary.resolve("tokenizer");
    Files.createDirectories(source);
    if (!Files.exists(source.resolve("tokenizer.json"))) {
      Files.copy(Students.TOKENIZER, source.resolve("tokenizer.json"));
    }
    new HuggingFaceExporter(student, source, maxLength).write(target());
  }

  private void assertSameTensors(Path expected, Set<String> without) throws IOException {
    try (SafetensorsFile original = SafetensorsFile.open(expected);
        SafetensorsFile written = SafetensorsFile.open(target().resolve("model.safetensors"))) {
      Set<String> names = new TreeSet<>(original.names());
      names.removeAll(without);
      assertThat(new TreeSet<>(written.names())).isEqualTo(names);
      for (String name : names) {
        RawTensor tensor = written.get(name);
        assertThat(tensor.shape()).as(name).isEqualTo(original.get(name).shape());
        assertThat(Arrays.equals(tensor.toFloats(), original.get(name).toFloats()))
            .as(name)
            .isTrue();
      }
      assertThat(written.metadata()).containsEntry("format", "pt");
    }
  }

  private float[] floats(String file, String tensor) throws IOException {
    try (SafetensorsFile read = SafetensorsFile.open(target().resolve(file))) {
      return read.get(tensor).toFloats();
    }
  }

  private JsonNode json(String file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(target().resolve(file)));
  }

  private Path target() {
    return temporary.resolve("student");
  }
}
