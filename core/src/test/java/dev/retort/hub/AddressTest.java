package dev.retort.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @Test
  void parsesEachKind() {
    assertThat(Address.parse("hf:acme/tiny@v1.0"))
        .isEqualTo(new Address.HuggingFace("acme/tiny", "v1.0"));
    assertThat(Address.parse("hf:acme/tiny"))
        .isEqualTo(new Address.HuggingFace("acme/tiny", "main"));
    assertThat(Address.parse("hf:gpt2@refs/pr/3"))
        .isEqualTo(new Address.HuggingFace("gpt2", "refs/pr/3"));
    assertThat(Address.parse("maven:org.acme:tiny:1.0"))
        .isEqualTo(new Address.Maven("org.acme", "tiny", "1.0"));
    assertThat(Address.parse("models/tiny")).isEqualTo(new Address.Folder(Path.of("models/tiny")));
    assertThat(Address.parse("C:models")).isInstanceOf(Address.Folder.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf:acme/tiny@v1", "maven:org.acme:tiny:1.0", "models/tiny"})
  void writesWhatItParses(String text) {
    assertThat(Address.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3:bucket/model          | has the unknown scheme 's3:'
          https://hub/acme/tiny    | has the unknown scheme 'https:'
          hf://acme/tiny           | looks like a URL
          hf:                      | names no model: '' is not owner/name
          hf:a/b/c                 | names no model: 'a/b/c' is not owner/name
          hf:../tiny               | names no model: '../tiny' is not owner/name
          hf:acme/tiny@            | has no usable revision after '@': ''
          hf:acme/tiny@a/../b      | has no usable revision after '@': 'a/../b'
          maven:org.acme:tiny      | has no version
          maven:org.acme:tiny:     | has a part that is not a Maven name: ''
          maven:org.acme           | has 1 parts, not 3
          maven:a:b:c:d            | has 4 parts, not 3
          maven:a:..:1             | has a part that is not a Maven name: '..'
          maven:a:b:1-SNAPSHOT     | is a snapshot
          """)
  void namesTheValueAndWhatIsAllowed(String text, String problem) {
    assertThatThrownBy(() -> Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model address '" + text + "' ")
        .hasMessageContaining(problem)
        .hasMessageContaining("allowed are hf:owner/name[@revision], maven:group:artifact:version");
  }

  @Test
  void refusesAnEmptyAddress() {
    assertThatThrownBy(() -> Address.parse(" ")).hasMessageContaining("is empty");
  }
}
