package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Truncation against the truncation built into the native library, which is what Python's
/// `tokenizer(text, truncation=True, max_length=n)` runs.
class TokenizerTruncationTest {
  private static final List<String> WORDS =
      List.of("good", "film", "playing", "the", "movie", "unhappy", "slow", "!", "[SEP]", "");

  private static final String BERT =
      """
      {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}\
      """;
  private static final String ROBERTA =
      """
      {"type": "RobertaProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2],
       "trim_offsets": true, "add_prefix_space": false}\
      """;
  private static final String TEMPLATE =
      """
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}},
                  {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
       "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 1}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
       "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                          "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}}\
      """;
  private static final String NONE = "null";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {BERT, ROBERTA, TEMPLATE, NONE})
  void truncationEqualsThatOfTheNativeLibrary(String postProcessor) throws IOException {
    Path file = tokenizer(postProcessor);
    TokenizersLibrary library = NativeTokenizers.library();
    long handle = library.createTokenizerFromString(Files.readString(file));
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      Random random = new Random(5);
      for (int round = 0; round < 400; round++) {
        String first = words(random);
        String second = words(random);
        int maxLength = 4 + random.nextInt(30);
        library.setTruncation(handle, maxLength, "LONGEST_FIRST", 0);

        assertThat(tokenizer.encode(first, maxLength))
            .describedAs("%s, %d", first, maxLength)
            .isEqualTo(read(library, library.encode(handle, first, true)));
        assertThat(tokenizer.encode(first, second, maxLength))
            .describedAs("%s | %s, %d", first, second, maxLength)
            .isEqualTo(read(library, library.encodeDual(handle, first, second, true)));
      }
    } finally {
      library.deleteTokenizer(handle);
    }
  }

  private static String words(Random random) {
    return IntStream.range(0, random.nextInt(20))
        .mapToObj(_ -> WORDS.get(random.nextInt(WORDS.size())))
        .collect(Collectors.joining(" "));
  }

  private static Encoding read(TokenizersLibrary library, long encoding) {
    try {
      return new Encoding(
          Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray(),
          Arrays.stream(library.getTypeIds(encoding)).mapToInt(Math::toIntExact).toArray(),
          library.getOverflowCount(encoding) > 0);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /// The golden WordPiece model with another post-processor.
  private Path tokenizer(String postProcessor) throws IOException {
    Path golden = TinyStudent.writeTokenizer(folder.resolve("golden.json"));
    var json = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(golden));
    json.set("post_processor", JsonMapper.shared().readTree(postProcessor));
    return Files.writeString(folder.resolve("tokenizer.json"), json.toString());
  }
}
