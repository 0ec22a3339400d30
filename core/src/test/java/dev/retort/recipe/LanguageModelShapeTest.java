package dev.retort.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.Binder;
import dev.retort.catalog.RecipeException;
import dev.retort.catalog.YamlReader;
import dev.retort.catalog.YamlWriter;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderFamily;
import dev.retort.model.decoder.Gemma3;
import dev.retort.model.decoder.Gpt2;
import dev.retort.model.decoder.Llama;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class LanguageModelShapeTest {

  /// 30 layers, 576 wide, 9 heads of 64 on 3 key-value heads, as SmolLM2-135M is.
  private static final DecoderConfig SMOL =
      read(
          new Llama(),
          """
          {"hidden_size": 576, "num_hidden_layers": 30, "num_attention_heads": 9,
           "num_key_value_heads": 3, "intermediate_size": 1536, "vocab_size": 49152,
           "max_position_embeddings": 8192}
          """);

  private static final DecoderConfig GPT2 = read(new Gpt2(), "{}");

  private static DecoderConfig read(DecoderFamily family, String json) {
    return family.read(JsonMapper.shared().readTree(json));
  }

  private static StudentSettings settings(String yaml) {
    return new Binder().bind(StudentSettings.class, YamlReader.parse("recipe.yaml", yaml));
  }

  private static LanguageModelShape shape(String yaml, DecoderConfig source) {
    return new LanguageModelShape(settings(yaml), source);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 30 | 576 | 9 | 3 | 1536",
        "{layers: [0, 29]} | 2 | 576 | 9 | 3 | 1536",
        "{hiddenSize: 500, intermediateSize: 1000} | 30 | 500 | 9 | 3 | 1000",
        "{heads: 6} | 30 | 576 | 6 | 2 | 1536",
        "{heads: 3} | 30 | 576 | 3 | 1 | 1536",
        "{heads: 6, keyValueHeads: 3} | 30 | 576 | 6 | 3 | 1536",
        "{keyValueHeads: 2} | 30 | 576 | 6 | 2 | 1536",
        "{from: scratch, architecture: {heads: 4, keyValueHeads: 2}} | 2 | 128 | 4 | 2 | 512",
        "{from: scratch, architecture: {layers: 31}} | 31 | 128 | 2 | 2 | 512",
      })
  void whatIsLeftOutFollows(
      String yaml, int layers, int hidden, int heads, int keyValueHeads, int intermediate) {
    LanguageModelShape shape = shape(yaml, SMOL);

    assertThat(shape.problems()).isEmpty();
    DecoderConfig config = shape.config();
    assertThat(config.layers()).isEqualTo(layers);
    assertThat(config.hiddenSize()).isEqualTo(hidden);
    assertThat(config.attention().heads()).isEqualTo(heads);
    assertThat(config.attention().keyValueHeads()).isEqualTo(keyValueHeads);
    assertThat(config.intermediateSize()).isEqualTo(intermediate);
    assertThat(config.vocabularySize()).isEqualTo(49152);
  }

  @Test
  void headsKeepTheirWidthAndNewOnesShareTheHiddenSize() {
    assertThat(shape("{hiddenSize: 100, heads: 3}", SMOL).config().attention().headSize())
        .isEqualTo(64);
    DecoderConfig scratch =
        shape("{from: scratch, architecture: {hiddenSize: 96, heads: 4}}", SMOL).config();
    assertThat(scratch.attention().headSize()).isEqualTo(24);
    assertThat(scratch.attention().scale()).isEqualTo(1 / Math.sqrt(24));
  }

  @Test
  void layersFromScratchReachAsTheTeachersDo() {
    DecoderConfig gemma =
        read(
            new Gemma3(),
            """
            {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4,
             "num_key_value_heads": 1, "head_dim": 16, "sliding_window": 4,
             "layer_types": ["sliding_attention", "sliding_attention", "full_attention"]}
            """);

    DecoderConfig scratch =
        shape("{from: scratch, architecture: {layers: 5, heads: 4}}", gemma).config();

    assertThat(scratch.spans())
        .containsExactly(
            gemma.spans().get(0),
            gemma.spans().get(1),
            gemma.spans().get(2),
            gemma.spans().get(0),
            gemma.spans().get(1));
  }

  @Test
  void inGpt2HeadsFillTheHiddenSize() {
    assertThat(shape("{hiddenSize: 384}", GPT2).config().attention().heads()).isEqualTo(6);
    assertThat(shape("{heads: 3}", GPT2).config().hiddenSize()).isEqualTo(192);
    assertThat(shape("{hiddenSize: 400}", GPT2).problems())
        .containsExactly(
            "student.hiddenSize: 400 is not the width of 6 heads of the teacher, 384, as it must be in a model of type gpt2; leave `heads` or `hiddenSize` out, and make `hiddenSize` a multiple of 64");
  }

  @Test
  void allProblemsAreNamedWithTheirPlace() {
    assertThat(
            shape("{layers: [0, 30], hiddenSize: 600, heads: 10, intermediateSize: 2000}", SMOL)
                .problems())
        .containsExactly(
            "student.layers[1]: layer 30 does not exist; the teacher has layers 0 to 29",
            "student.hiddenSize: 600 is more than the 576 of the teacher, which the student is cut from",
            "student.heads: 10 is more than the 9 of the teacher, which the student is cut from",
            "student.intermediateSize: 2000 is more than the 1536 of the teacher, which the student is cut from");
    assertThat(shape("{from: pretrained, heads: 5}", SMOL).problems())
        .containsExactly(
            "student.heads: 5 heads on 3 key-value heads cannot be kept; the pretrained model has 3 on each, of which every one must keep as many: for 3 key-value heads, keep a multiple of 3 heads up to 9");
    assertThat(shape("{heads: 6, keyValueHeads: 1}", SMOL).problems())
        .singleElement()
        .asString()
        .contains("6 heads on 1 key-value heads cannot be kept");
    assertThat(shape("{from: scratch, architecture: {hiddenSize: 100, heads: 4}}", SMOL).problems())
        .containsExactly(
            "student.architecture.heads: hiddenSize 100 over 4 heads makes heads of width 25, which must be even in a language model");
    assertThat(shape("{from: static}", SMOL).problems())
        .containsExactly(
            "student.from: 'static' is for classifiers and embedders; a language model needs layers");
    assertThat(shape("{lora: {rank: 200}}", SMOL).problems())
        .containsExactly(
            "student.lora.rank: 200 is more than 192, the smaller side of a matrix that it is to change, and would train more than the matrix has");
    assertThat(shape("{lora: {targets: [query, gate]}}", GPT2).problems())
        .containsExactly(
            "student.lora.targets[1]: a layer of a model of type gpt2 has no gate; its matrices are [query, key, value, output, up, down]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{keyValueHeads: 0} | keyValueHeads (line 1): must be >= 1 but is 0",
        "{from: scratch, architecture: {heads: 4, keyValueHeads: 3}} | architecture.keyValueHeads (line 1): must divide heads 4 but is 3",
        "{from: scratch, keyValueHeads: 1, architecture: {}} | from (line 1): is 'scratch', where there is nothing to cut",
        "{from: scratch, lora: {}, architecture: {}} | lora (line 1): needs weights that are worth freezing",
        "{lora: {rank: 0}} | lora.rank (line 1): must be >= 1 but is 0",
        "{lora: {alpha: 0}} | lora.alpha (line 1): must be > 0 but is 0",
        "{lora: {targets: [query, query]}} | lora.targets (line 1): names one twice",
        "{lora: {targets: [head]}} | lora.targets[0] (line 1)",
      })
  void settingsThatContradictEachOtherAreRefused(String yaml, String message) {
    assertThatThrownBy(() -> settings(yaml))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{heads: 6, keyValueHeads: 2}",
        "{from: scratch, architecture: {heads: 4, keyValueHeads: 2}}",
        "{from: './model', lora: {rank: 8, alpha: 16, targets: [query, value]}}",
        "{lora: {}}"
      })
  void whatIsWrittenReadsBack(String yaml) {
    StudentSettings settings = settings(yaml);

    assertThat(settings(new YamlWriter().write(settings))).isEqualTo(settings);
  }
}
