package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpannedTokensTest {

  /// Emoji are two characters and one code point, which is what the library counts.
  @Test
  void spansAreOfCharacters() throws IOException {
    String text = "good 🙂 movie [SEP] 中day";
    try (Tokenizer tokenizer =
        Tokenizer.open(Path.of("src/test/resources/tokenizer/tokenizer.json"))) {
      SpannedTokens tokens = tokenizer.encodeSpelt(text);

      List<String> parts = new ArrayList<>();
      for (int token = 0; token < tokens.ids().length; token++) {
        parts.add(text.substring(tokens.starts()[token], tokens.ends()[token]));
      }
      assertThat(parts).containsExactly("good", "🙂", "movie", "[SEP]", "中", "day");
      assertThat(tokens.ids()).containsExactly(tokenizer.encodeContinuation(text).ids());
      assertThat(tokenizer.encodeSpelt("").ids()).isEmpty();
    }
  }
}
