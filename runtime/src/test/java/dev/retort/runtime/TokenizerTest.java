package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class TokenizerTest {
  @TempDir private static Path folder;

  private Tokenizer tokenizer;

  @BeforeEach
  void open() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    tokenizer = Tokenizer.open(Files.exists(file) ? file : TinyStudent.writeTokenizer(file));
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  /// A row of `expected.json`, which the Python library wrote.
  record Golden(String text, @Nullable String pair, List<Integer> ids, List<Integer> type_ids) {
    Encoding expected() {
      return new Encoding(
          ids.stream().mapToInt(Integer::intValue).toArray(),
          type_ids.stream().mapToInt(Integer::intValue).toArray(),
          false);
    }
  }

  static List<Golden> golden() throws IOException {
    try (InputStream json = TokenizerTest.class.getResourceAsStream("/tokenizer/expected.json")) {
      return JsonMapper.shared().readValue(json, new TypeReference<>() {});
    }
  }

  private Encoding encode(Golden row, int maxLength) {
    return row.pair() == null
        ? tokenizer.encode(row.text(), maxLength)
        : tokenizer.encode(row.text(), row.pair(), maxLength);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void encodingsEqualThoseOfPython(Golden row) {
    assertThat(encode(row, 100)).isEqualTo(row.expected());
    assertThat(encode(row, row.ids().size())).isEqualTo(row.expected());
  }

  @Test
  void aLongTextLosesItsEndAndKeepsTheSpecialTokens() {
    // [CLS] the movie was great ! [SEP]
    assertThat(tokenizer.encode("The movie was great!", 5))
        .isEqualTo(new Encoding(new int[] {2, 80, 93, 83, 3}, new int[5], true));
  }

  @Test
  void aTextLongerThan512TokensIsNotCutBehindTheCallersBack() {
    Encoding encoding = tokenizer.encode("good ".repeat(1000), 2000);

    assertThat(encoding.length()).isEqualTo(1002);
    assertThat(encoding.truncated()).isFalse();
  }

  @Test
  void ofAPairTheLongerTextLosesFirst() {
    // [CLS] good film [SEP] the movie was great ! [SEP]
    Encoding encoding = tokenizer.encode("good film", "The movie was great!", 8);

    assertThat(encoding)
        .isEqualTo(
            new Encoding(
                new int[] {2, 95, 94, 3, 80, 93, 83, 3}, new int[] {0, 0, 0, 0, 1, 1, 1, 1}, true));
  }

  @Test
  void truncationAndPaddingInsideTheFileAreIgnored() throws IOException {
    Path file = folder.resolve("fixed.json");
    String padding =
        "{\"strategy\":{\"Fixed\":16},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
            + "\"pad_id\":7,\"pad_type_id\":0,\"pad_token\":\"[PAD]\"}";
    String truncation =
        "{\"direction\":\"Right\",\"max_length\":3,\"strategy\":\"LongestFirst\",\"stride\":0}";
    Files.writeString(
        file,
        Files.readString(folder.resolve("tokenizer.json"))
            .replaceFirst("\"truncation\":\\s*null", "\"truncation\":" + truncation)
            .replaceFirst("\"padding\":\\s*null", "\"padding\":" + padding));

    try (Tokenizer fixed = Tokenizer.open(file)) {
      assertThat(fixed.padId()).isEqualTo(7);
      assertThat(fixed.encode("The movie was great!", 100))
          .isEqualTo(tokenizer.encode("The movie was great!", 100));
    }
  }

  @Test
  void manyTextsKeepTheirOrder() {
    List<String> texts = IntStream.range(0, 300).mapToObj("good "::repeat).toList();

    List<Encoding> encodings = tokenizer.encodeAll(texts, 50);

    assertThat(encodings)
        .isEqualTo(texts.stream().map(text -> tokenizer.encode(text, 50)).toList());
    assertThat(encodings.get(3).ids()).containsExactly(2, 95, 95, 95, 3);
  }

  @Test
  void manyPairsKeepTheirOrder() {
    List<TextPair> pairs = List.of(new TextPair("good", "film"), new TextPair("film", "good"));

    assertThat(tokenizer.encodePairs(pairs, 50))
        .containsExactly(
            tokenizer.encode("good", "film", 50), tokenizer.encode("film", "good", 50));
  }

  @Test
  void tokensAreSpelledAsTheFileJoinsThem() {
    // [CLS] the movie was great ! [SEP]
    assertThat(tokenizer.decode(2, 80, 93, 83, 3)).isEqualTo("[CLS] the movie was [SEP]");
    assertThat(tokenizer.decode(93)).isEqualTo("movie");
    assertThat(tokenizer.decode(4)).isEqualTo("[MASK]");
    assertThat(tokenizer.decode(5000)).isEmpty();
  }

  @Test
  void theVocabularyAndThePadTokenAreRead() {
    assertThat(tokenizer.vocabularySize()).isEqualTo(120);
    assertThat(tokenizer.padId()).isZero();
  }

  @Test
  void theFingerprintIsTheChecksumOfTheFile() throws IOException {
    assertThat(tokenizer.fingerprint())
        .isEqualTo(Sha256.of(folder.resolve("tokenizer.json")))
        .hasSize(64);
  }

  @Test
  void aMaximumLengthBelowTheSpecialTokensIsRefused() {
    assertThatThrownBy(() -> tokenizer.encode("good", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxLength 1 leaves no room for the 2 special tokens");
  }

  @Test
  void aTextTheTokenizerCannotEncodeIsAnException() throws IOException {
    Path file = folder.resolve("no-unknown.json");
    Files.writeString(
        file,
        "{\"version\":\"1.0\",\"added_tokens\":[],\"model\":{\"type\":\"WordLevel\","
            + "\"vocab\":{\"good\":0},\"unk_token\":\"[UNK]\"}}");

    try (Tokenizer narrow = Tokenizer.open(file)) {
      assertThat(narrow.encode("good", 9).ids()).containsExactly(0);
      assertThatThrownBy(() -> narrow.encode("film", 9))
          .isInstanceOf(StudentException.class)
          .hasMessageContaining("cannot encode a text");
      assertThatThrownBy(() -> narrow.encodeAll(List.of("good", "film"), 9))
          .isInstanceOf(StudentException.class);
    }
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    Path file = folder.resolve("broken.json");
    for (String content : List.of("", "{\"model\": ", "{}", "[]", "{\"model\": 5}")) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> Tokenizer.open(file))
          .isInstanceOf(StudentException.class)
          .hasMessageStartingWith(file + " is not a readable Hugging Face tokenizer: ");
    }
  }

  @Test
  void aMissingFileIsAnInputError() {
    assertThatThrownBy(() -> Tokenizer.open(folder.resolve("nowhere.json")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aClosedTokenizerSaysSo() {
    tokenizer.close();
    tokenizer.close();

    assertThatThrownBy(() -> tokenizer.encode("good", 9))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This tokenizer is closed");
  }
}
