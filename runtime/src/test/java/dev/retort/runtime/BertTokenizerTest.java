package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tokenizer in plain Java against the native library, which it must equal.
class BertTokenizerTest {

  private static final List<String> PIECES =
      List.of("the", "movie", "was", "great", "un", "##believ", "##able", "naive", "na", "##ive");

  private static final List<String> FRAGMENTS =
      List.of(
          "The",
          "movie",
          "WAS",
          " ",
          "  ",
          "\t",
          "\n",
          "great!",
          "naïve",
          "nai\u0308ve",
          "unbelievable",
          "'s",
          "don't",
          "...",
          "—",
          "“quoted”",
          "¿qué?",
          "电影",
          "映画",
          "한국어",
          "Привет",
          "ΌΣΟΣ",
          "ß",
          "ﬁ",
          "🎬",
          "👩‍👩‍👧",
          "🇩🇪",
          "\u0000",
          "\u200b",
          "\u00a0",
          "\u3000",
          "\ufffd",
          "\ufe0f",
          "[MASK]",
          "[mask]",
          "[CLS]",
          "[SEP",
          "]",
          "$9.99",
          "a_b",
          "C++",
          "`x^y|z~",
          "\u0085",
          "\u2028",
          "\u0301",
          "สวัสดี",
          "ｆｕｌｌ",
          "①",
          "½",
          "שלום",
          "مرحبا",
          "नमस्ते",
          "𝔘𝔫𝔦",
          "𠀀",
          "\ue000",
          "İstanbul",
          "Ø",
          "x".repeat(101),
          "y".repeat(100));

  @TempDir private static Path folder;

  /// The golden tokenizer with something changed.
  private static Tokenizer changed(Consumer<ObjectNode> change) throws IOException {
    Path golden = folder.resolve("golden.json");
    if (!Files.exists(golden)) {
      TinyStudent.writeTokenizer(golden);
    }
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(golden));
    change.accept(json);
    Path file = Files.createTempFile(folder, "tokenizer", ".json");
    Files.writeString(file, JsonMapper.shared().writeValueAsString(json));
    return Tokenizer.open(file);
  }

  /// A tokenizer that knows `characters`, alone and inside words.
  private static Tokenizer knowing(Stream<String> characters, boolean lowercase, boolean accents)
      throws IOException {
    SequencedSet<String> pieces =
        new LinkedHashSet<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    pieces.addAll(PIECES);
    characters.forEach(character -> {
      pieces.add(character);
      pieces.add("##" + character);
    });
    return changed(json -> {
      ObjectNode vocabulary = ((ObjectNode) json.path("model")).putObject("vocab");
      pieces.forEach(piece -> vocabulary.put(piece, vocabulary.size()));
      ((ObjectNode) json.path("normalizer"))
          .put("lowercase", lowercase)
          .put("strip_accents", !accents);
    });
  }

  private static void assertEqualEncodings(Tokenizer tokenizer, String text) {
    assertThat(tokenizer.encode(text, 10_000))
        .as("<%s>, %s", text, text.codePoints().mapToObj(Integer::toHexString).toList())
        .isEqualTo(tokenizer.encodeNative(text, 10_000));
  }

  /// Every character there is, between two letters; those that the class does not cover go to the
  /// native library, and a test of the text as a whole would not see what became of them.
  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void everyCoveredCharacterIsTreatedAlike(boolean lowercase, boolean accents) throws IOException {
    IntPredicate covered = c -> BertNormalizer.covers(Character.toString(c));
    List<String> characters =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(c -> Character.getType(c) != Character.SURROGATE)
            .filter(covered)
            .mapToObj(Character::toString)
            .toList();
    assertThat(characters).hasSizeGreaterThan(100_000);
    try (Tokenizer tokenizer = knowing(characters.stream(), lowercase, accents)) {
      for (int from = 0; from < characters.size(); from += 64) {
        String text =
            characters.subList(from, Math.min(from + 64, characters.size())).stream()
                .map(character -> "a" + character + "b")
                .collect(Collectors.joining(" "));
        assertEqualEncodings(tokenizer, text);
      }
    }
  }

  @Test
  void randomTextsAreTreatedAlike() throws IOException {
    Stream<String> letters =
        String.join("", FRAGMENTS)
            .codePoints()
            .filter(c -> c % 5 != 0)
            .mapToObj(Character::toString);
    try (Tokenizer tokenizer = knowing(letters, true, false)) {
      Random random = new Random(7);
      for (int i = 0; i < 3_000; i++) {
        String text = text(random);
        assertEqualEncodings(tokenizer, text);
        int length = 2 + random.nextInt(12);
        assertThat(tokenizer.encode(text, length)).isEqualTo(tokenizer.encodeNative(text, length));
      }
    }
  }

  @Test
  void randomPairsAreTreatedAlike() throws IOException {
    try (Tokenizer tokenizer = changed(_ -> {})) {
      Random random = new Random(8);
      for (int i = 0; i < 2_000; i++) {
        String first = text(random);
        String second = text(random);
        int length = 3 + random.nextInt(30);
        assertThat(tokenizer.encode(first, second, length))
            .as("<%s> <%s> %d", first, second, length)
            .isEqualTo(tokenizer.encodeNative(first, second, length));
      }
    }
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(9), 0, FRAGMENTS.size())
        .mapToObj(FRAGMENTS::get)
        .map(fragment -> random.nextBoolean() ? fragment : fragment + " ")
        .collect(Collectors.joining());
  }

  @Test
  void bertIsRecognised() throws IOException {
    assertThat(BertTokenizerFile.read(golden())).isPresent();
    assertThat(BertTokenizerFile.read(golden()).orElseThrow().encode("the مرحبا", 9)).isEmpty();
  }

  static Stream<Consumer<ObjectNode>> notBert() {
    List<Consumer<ObjectNode>> changes = new ArrayList<>();
    for (String section : List.of("normalizer", "pre_tokenizer", "post_processor", "model")) {
      changes.add(json -> json.withObject("/" + section).put("type", "Other"));
      changes.add(json -> json.putNull(section));
    }
    changes.add(json -> json.withObject("/model").put("unk_token", "nowhere"));
    changes.add(json -> json.withObject("/added_tokens/0").put("lstrip", true));
    changes.add(json -> json.withObject("/added_tokens/0").put("normalized", true));
    changes.add(json -> json.withObject("/post_processor/pair/4/SpecialToken").put("type_id", 0));
    changes.add(json -> json.withObject("/post_processor/pair/4/SpecialToken").put("id", "[CLS]"));
    changes.add(json -> json.withArray("/post_processor/single").remove(2));
    return changes.stream();
  }

  @ParameterizedTest
  @MethodSource("notBert")
  void whateverIsNotBertIsLeftToTheNativeLibrary(Consumer<ObjectNode> change) throws IOException {
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(golden());
    change.accept(json);

    assertThat(BertTokenizerFile.read(JsonMapper.shared().writeValueAsBytes(json))).isEmpty();
  }

  @Test
  void aMaximumLengthBelowTheSpecialTokensIsRefused() throws IOException {
    BertTokenizer tokenizer = BertTokenizerFile.read(golden()).orElseThrow();

    assertThatThrownBy(() -> tokenizer.encode("the", "movie", 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxLength 2 leaves no room for the 3 special tokens");
  }

  private static byte[] golden() throws IOException {
    Path file = Files.createTempDirectory(folder, "golden").resolve("tokenizer.json");
    return Files.readAllBytes(TinyStudent.writeTokenizer(file));
  }
}
