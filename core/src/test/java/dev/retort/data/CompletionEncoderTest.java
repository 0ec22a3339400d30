package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.runtime.Encoding;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompletionEncoderTest {

  private static final int END = 3;

  private Tokenizer tokenizer = open();

  @BeforeEach
  void openAgain() {
    tokenizer.close();
    tokenizer = open();
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void theCompletionAndItsEndAreLearnt() {
    Encoding encoding = encode("the movie", Optional.of("was good"), 20, OptionalInt.of(END));

    // [CLS] the movie [SEP], as the tokenizer's template has it, then what is learnt.
    assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 0, 1, 1, 1);
    assertThat(tokenizer.decode(Arrays.copyOfRange(encoding.ids(), 4, 6))).isEqualTo("was good");
    assertThat(encoding.ids()[6]).isEqualTo(END);
    assertThat(encoding.truncated()).isFalse();
  }

  @Test
  void allOfATextIsLearntButItsFirstToken() {
    Encoding encoding = encode("the movie", Optional.empty(), 20, OptionalInt.of(END));

    // The template has put the end there already.
    assertThat(encoding.typeIds()).containsExactly(0, 1, 1, 1);
    assertThat(encoding.ids()[3]).isEqualTo(END);
  }

  /// The mask is where prompt and completion meet, not where a token stands.
  @Test
  void aPromptThatSpellsTheEndIsStillAPrompt() {
    Encoding encoding =
        encode("the [SEP] movie", Optional.of("[SEP] was"), 20, OptionalInt.of(END));

    assertThat(encoding.ids()).containsSequence(END).hasSize(8);
    assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void whatIsTooLongLosesItsEnd() {
    Encoding cut = encode("the movie", Optional.of("was very good"), 6, OptionalInt.of(END));
    assertThat(cut.typeIds()).containsExactly(0, 0, 0, 0, 1, 1);
    assertThat(cut.truncated()).isTrue();

    Encoding unlearnt = encode("the movie", Optional.of("was"), 4, OptionalInt.empty());
    assertThat(unlearnt.typeIds()).containsExactly(0, 0, 0, 0);
    assertThat(unlearnt.truncated()).isTrue();
  }

  private Encoding encode(
      String text, Optional<String> completion, int maxLength, OptionalInt end) {
    Example example =
        new Example(text, completion, -1, Place.of(Path.of("texts.csv")), Optional.empty());
    return new CompletionEncoder(tokenizer, maxLength, end).encode(example);
  }

  private static Tokenizer open() {
    try {
      return Tokenizer.open(Path.of("src/test/resources/parity/tokenizer/tokenizer.json"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
