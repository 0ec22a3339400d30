package dev.retort.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TokenizerFileTest {
  private static TokenizerFile read(String json) {
    return TokenizerFile.read(json.getBytes(UTF_8));
  }

  private static TokenizerFile file(int vocabularySize, int padId) {
    return new TokenizerFile(vocabularySize, padId, OptionalInt.empty(), new TreeSet<>());
  }

  @Test
  void theMaskAndSpecialTokensAreFound() {
    TokenizerFile file =
        read(
            "{\"added_tokens\":[{\"id\":2,\"content\":\"[CLS]\",\"special\":true},"
                + "{\"id\":4,\"content\":\"[MASK]\",\"lstrip\":true,\"special\":true},"
                + "{\"id\":7,\"content\":\"word\",\"special\":false}]}");

    assertThat(file.maskId()).hasValue(4);
    assertThat(file.specialIds()).containsExactly(2, 4);
  }

  @Test
  void aVocabularyThatIsAMapCountsByItsLargestId() {
    assertThat(read("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":7},\"merges\":[]}}"))
        .isEqualTo(file(8, 0));
  }

  @Test
  void aVocabularyThatIsAListCountsItsEntries() {
    assertThat(read("{\"model\":{\"vocab\":[[\"<s>\",0.0],[\"a\",-1.5],[\"b\",-2]]}}"))
        .isEqualTo(file(3, 0));
  }

  @Test
  void addedTokensBeyondTheVocabularyCount() {
    assertThat(
            read(
                "{\"model\":{\"vocab\":{\"a\":0}},"
                    + "\"added_tokens\":[{\"id\":9,\"content\":\"<mask>\",\"special\":true}]}"))
        .isEqualTo(new TokenizerFile(10, 0, OptionalInt.of(9), new TreeSet<>(Set.of(9))));
  }

  @Test
  void thePadTokenIsFoundByItsName() {
    assertThat(
            read(
                "{\"padding\":null,\"added_tokens\":[{\"id\":0,\"content\":\"<s>\"},"
                    + "{\"id\":1,\"special\":true,\"content\":\"<pad>\"}]}"))
        .isEqualTo(new TokenizerFile(2, 1, OptionalInt.empty(), new TreeSet<>(Set.of(1))));
  }

  @Test
  void aConfiguredPadIdGoesBeforeAName() {
    assertThat(
            read(
                "{\"added_tokens\":[{\"id\":1,\"content\":\"<pad>\"}],"
                    + "\"padding\":{\"strategy\":{\"Fixed\":8},\"pad_id\":5}}"))
        .isEqualTo(file(2, 5));
  }
}
