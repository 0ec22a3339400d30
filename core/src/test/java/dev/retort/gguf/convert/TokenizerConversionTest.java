package dev.retort.gguf.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufFile;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.GgufValue;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A rebuilt `tokenizer.json` cuts texts as the tokenizer in the GGUF file does.
class TokenizerConversionTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int AB = 259;
  private static final int SPACE_AB = 260;
  private static final int BC = 261;
  private static final int SPACE = 262;
  private static final int A = 263;
  private static final int C = 265;
  private static final int TWO_SPACES = 266;
  private static final int FIRST_BYTE = 3;

  @TempDir Path temporary;

  @Test
  void lettersAreMergedByScore() throws IOException {
    try (Tokenizer tokenizer = tokenizer(TinyGguf.of(Architecture.LLAMA))) {
      assertThat(ids(tokenizer, "ab")).containsExactly(1, SPACE_AB);
      assertThat(ids(tokenizer, "abc")).containsExactly(1, SPACE_AB, C);
      assertThat(ids(tokenizer, "cab bc")).containsExactly(1, SPACE, C, AB, SPACE, BC);
      assertThat(ids(tokenizer, "a</s>ab")).containsExactly(1, SPACE, A, 2, SPACE_AB);
      assertThat(tokenizer.decode(SPACE_AB, SPACE, BC)).isEqualTo("ab bc");
    }
  }

  @Test
  void runsOfSpacesAreTokensBeforeATextGetsItsFirstSpace() throws IOException {
    try (Tokenizer tokenizer = tokenizer(TinyGguf.of(Architecture.LLAMA))) {
      assertThat(ids(tokenizer, "a  ab")).containsExactly(1, SPACE, A, TWO_SPACES, SPACE_AB);
    }
  }

  @Test
  void lettersWithoutATokenBecomeBytes() throws IOException {
    try (Tokenizer tokenizer = tokenizer(TinyGguf.of(Architecture.LLAMA))) {
      assertThat(ids(tokenizer, "aß"))
          .containsExactly(1, SPACE, A, FIRST_BYTE + 0xC3, FIRST_BYTE + 0x9F);
    }
  }

  @Test
  void gemmaPutsNoSpaceFirstAndFindsRunsOfSpaces() throws IOException {
    try (Tokenizer tokenizer = tokenizer(TinyGguf.of(Architecture.GEMMA3))) {
      assertThat(ids(tokenizer, "ab ab")).containsExactly(1, AB, SPACE_AB);
      assertThat(ids(tokenizer, "a  ab")).containsExactly(1, A, TWO_SPACES, AB);
      assertThat(tokenizer.decode(A, TWO_SPACES, AB)).isEqualTo("a  ab");
    }
  }

  @Test
  void theFirstTokenIsAddedWhereTheFileSaysSo() throws IOException {
    TinyGguf none =
        TinyGguf.of(Architecture.LLAMA)
            .put("tokenizer.ggml.add_bos_token", new GgufValue.Bool(false))
            .put("tokenizer.ggml.add_eos_token", new GgufValue.Bool(true));

    try (Tokenizer tokenizer = tokenizer(none)) {
      assertThat(ids(tokenizer, "ab")).containsExactly(SPACE_AB, 2);
    }
  }

  @Test
  void bytesAreMergedWithinPieces() throws IOException {
    try (Tokenizer gpt2 = tokenizer(TinyGguf.of(Architecture.GPT2))) {
      assertThat(ids(gpt2, "ab ab12<|end|>")).containsExactly(6, 7, 8, 0);
    }
    try (Tokenizer qwen = tokenizer(TinyGguf.of(Architecture.QWEN2))) {
      assertThat(ids(qwen, "ab ab12<x>")).containsExactly(6, 7, 4, 5, 9);
    }
  }

  @Test
  void whatOnlyFillsTheVocabularyUpIsLeftOutAndComesBack() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.QWEN2));

    assertThat(Files.readString(folder.resolve("tokenizer.json"))).doesNotContain("PAD");
    try (GgufFile file = back(folder)) {
      assertThat(file.metadata().findTexts("tokenizer.ggml.tokens").orElseThrow())
          .hasSize(11)
          .endsWith("<x>", "[PAD10]");
      assertThat(file.metadata().findInts("tokenizer.ggml.token_type").orElseThrow())
          .containsExactly(3, 1, 1, 1, 1, 1, 1, 1, 1, 4, 5);
    }
  }

  @Test
  void scoresKeepTheOrderOfMerges() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.LLAMA));

    try (GgufFile file = back(folder)) {
      List<Float> scores = file.metadata().findFloats("tokenizer.ggml.scores").orElseThrow();
      assertThat(scores.get(AB)).isGreaterThan(scores.get(SPACE_AB));
      assertThat(scores.get(SPACE_AB)).isGreaterThan(scores.get(BC));
      assertThat(scores.get(BC)).isGreaterThan(scores.get(A));
    }
  }

  @Test
  void settingsAndTemplateAreWritten() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.QWEN2));

    JsonNode config = JSON.readTree(Files.readString(folder.resolve("tokenizer_config.json")));
    assertThat(config.get("eos_token").stringValue()).isEqualTo("<|end|>");
    assertThat(config.get("chat_template").stringValue()).isEqualTo("{{ messages }}");
    assertThat(config.get("model_max_length").intValue()).isEqualTo(128);
    assertThat(config.has("bos_token")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void everyPreTokenizerIsKnownAgain(PreTokenizer preTokenizer) {
    assertThat(PreTokenizer.ofJson(preTokenizer.toJson())).contains(preTokenizer);
    assertThat(PreTokenizer.ofGgufName(preTokenizer.ggufName())).contains(preTokenizer);
  }

  @Test
  void publishedFormsOfPreTokenizersAreKnown() {
    assertThat(
            PreTokenizer.ofJson(
                JSON.readTree(
                    "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true}")))
        .contains(PreTokenizer.GPT2);
    assertThat(
            PreTokenizer.ofJson(
                JSON.readTree(
                    """
                    {"type": "Sequence", "pretokenizers": [
                      {"type": "Digits", "individual_digits": true},
                      {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}]}
                    """)))
        .contains(PreTokenizer.SMOLLM);
    assertThat(
            PreTokenizer.ofJson(
                JSON.readTree("{\"type\": \"ByteLevel\", \"add_prefix_space\": true}")))
        .isEmpty();
    assertThat(PreTokenizer.ofJson(JSON.readTree("{\"type\": \"Whitespace\"}"))).isEmpty();
  }

  @Test
  void anotherTokenizerIsRefused() throws IOException {
    Path folder = convert(TinyGguf.of(Architecture.QWEN2));
    Path file = folder.resolve("tokenizer.json");
    String json = Files.readString(file);

    Files.writeString(file, json.replace("\"BPE\"", "\"Unigram\""));
    assertThatThrownBy(() -> back(folder))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("tokenizer.json: model.type is \"Unigram\"");
    Files.writeString(file, json.replace("\"Isolated\"", "\"Removed\""));
    assertThatThrownBy(() -> back(folder))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("none that Retort knows under a name of llama.cpp");
  }

  private GgufFile back(Path folder) throws IOException {
    Path file = temporary.resolve("back.gguf");
    GgufConversion.toGguf(folder, file, GgufType.F32);
    return GgufFile.open(file);
  }

  private Tokenizer tokenizer(TinyGguf tiny) throws IOException {
    return Tokenizer.open(convert(tiny).resolve("tokenizer.json"));
  }

  private Path convert(TinyGguf tiny) throws IOException {
    Path folder = temporary.resolve("folder");
    GgufConversion.toFolder(tiny.write(temporary.resolve("tiny.gguf")), folder, DType.FLOAT32);
    return folder;
  }

  private static int[] ids(Tokenizer tokenizer, String text) {
    return tokenizer.encode(text, 100).ids();
  }
}
