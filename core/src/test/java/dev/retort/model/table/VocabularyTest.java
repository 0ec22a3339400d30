package dev.retort.model.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {

  @TempDir private Path folder;

  private Vocabulary read(String json) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, json.replace('\'', '"'));
    return Vocabulary.read(file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`'model': {'unk_token': '[U]', 'vocab': {'[C]': 0, '[U]': 1, '[unused3]': 2, 'a': 3, '##b': 5}}`",
        "`'model': {'unk_id': 1, 'vocab': [['[C]', 0], ['[U]', 0], ['[unused7]', 0], ['a', 0], ['[X]', 0], ['b', 0]]}`",
      })
  void specialAndReservedTokensAreLeftOut(String model) throws IOException {
    Vocabulary vocabulary =
        read(
            """
            {'added_tokens': [{'id': 0, 'content': '[C]', 'special': true},
                              {'id': 1, 'content': '[U]', 'special': true},
                              {'id': 4, 'content': '[X]', 'special': true},
                              {'id': 6, 'content': 'own', 'special': false}], %s}
            """
                .formatted(model));

    assertThat(vocabulary.ids()).containsExactly(1, 3, 5, 6);
    assertThat(vocabulary.size()).isEqualTo(7);
  }

  @Test
  void aFileWithoutTokensIsRefused() {
    assertThatThrownBy(() -> read("{'model': {'vocab': {}}}"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.json has no token that a text could have");
    assertThatThrownBy(() -> read("{'model"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.json is not JSON");
  }
}
