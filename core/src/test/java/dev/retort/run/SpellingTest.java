package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpellingTest {

  /// A token for each byte of `é` (C3 A9) and `天` (E5 A4 A9), as byte-level BPE writes them.
  private static final String BYTE_LEVEL =
      """
      {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
                         "use_regex": true},
       "post_processor": null, "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
                                            "use_regex": true},
       "added_tokens": [{"id": 0, "content": "<|end|>", "special": true, "single_word": false,
                         "lstrip": false, "rstrip": false, "normalized": false},
                        {"id": 8, "content": "<tool>", "special": false, "single_word": false,
                         "lstrip": false, "rstrip": false, "normalized": false}],
       "model": {"type": "BPE", "merges": [], "vocab": {"<|end|>": 0, "Ġ": 1, "a": 2, "b": 3,
                 "Ã": 4, "©": 5, "å": 6, "¤": 7, "<tool>": 8, "Ċ": 9}}}
      """;

  @TempDir Path folder;

  @Test
  void specialTokensSayNothing() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      Spelling spelling = new Spelling(tokenizer);

      assertThat(spelling.text(0, 1, 2, 0, 3, 1, 0)).isEqualTo("ab");
      assertThat(spelling.text(2, 9, 3)).isEqualTo("a\nb");
      // Not special: it belongs to what is said.
      assertThat(spelling.text(8, 2)).contains("<tool>", "a");
      assertThat(spelling.text(0)).isEmpty();
      assertThat(spelling.text()).isEmpty();
      // Models have more rows than their tokenizers have tokens.
      assertThat(spelling.text(2, 4711)).isEqualTo("a");
    }
  }

  @Test
  void halfACharacterIsLeftOut() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      Spelling spelling = new Spelling(tokenizer);

      assertThat(spelling.cutText(2, 4, 5)).isEqualTo("aé");
      assertThat(spelling.cutText(2, 6, 7, 5)).isEqualTo("a天");
      assertThat(spelling.cutText(2, 1, 4)).isEqualTo("a");
      assertThat(spelling.cutText(2, 6, 7)).isEqualTo("a");
      assertThat(spelling.cutText(6)).isEmpty();
      // What is no character in the middle is what the model wrote.
      assertThat(spelling.cutText(4, 2)).isEqualTo("\ufffda");
      assertThat(spelling.text(2, 4)).isEqualTo("a\ufffd");
    }
  }

  private Tokenizer tokenizer() throws IOException {
    return Tokenizer.open(Files.writeString(folder.resolve("tokenizer.json"), BYTE_LEVEL));
  }
}
