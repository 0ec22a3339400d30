package dev.retort.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenIdsTest {

  @TempDir Path root;

  @Test
  void addedTokensAreAmongThem() throws IOException {
    TokenIds ids =
        read(
            """
            {"added_tokens": [{"id": 7, "content": "</s>"}, {"id": 1, "content": "b"}],
             "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}
            """);

    assertThat(ids.byToken()).containsEntry("ab", 2).containsEntry("</s>", 7).hasSize(4);
    assertThat(ids.size()).isEqualTo(8);
  }

  @Test
  void aUnigramVocabularyIsInTheOrderOfItsIds() throws IOException {
    TokenIds ids =
        read("{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"<unk>\", 0.0], [\"▁a\", -1.5]]}}");

    assertThat(ids.byToken()).containsEntry("<unk>", 0).containsEntry("▁a", 1).hasSize(2);
  }

  @Test
  void differencesAreCountedAndShown() throws IOException {
    TokenIds teacher = read("{\"model\": {\"vocab\": {\"a\": 0, \"b\": 1, \"c\": 2, \"d\": 3}}}");
    TokenIds student = read("{\"model\": {\"vocab\": {\"a\": 0, \"c\": 1, \"b\": 2, \"e\": 3}}}");

    assertThat(student.differences(teacher))
        .containsExactly(
            "1 tokens are missing, such as 'd'",
            "1 tokens are more, such as 'e'",
            "2 tokens have another id, such as 'b' (2, not 1)");
    assertThat(student.differences(student)).isEmpty();
  }

  private TokenIds read(String json) throws IOException {
    return TokenIds.read(Files.writeString(root.resolve("tokenizer.json"), json));
  }
}
