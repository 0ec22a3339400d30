package dev.retort.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AugmentedTextsTest {

  private static final List<AugmentedText> TEXTS =
      List.of(
          new AugmentedText(0, "a \"good\"\nday, 🙂\u2028", Optional.empty()),
          new AugmentedText(3, "one", Optional.of("two\r\n")));

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("new/texts.jsonl");

    AugmentedTexts.write(file, TEXTS);

    assertThat(AugmentedTexts.read(file)).isEqualTo(TEXTS);
    assertThat(Files.readAllLines(file)).hasSize(3);
    AugmentedTexts.write(file, List.of());
    assertThat(AugmentedTexts.read(file)).isEmpty();
  }

  @Test
  void anyDamageIsNamed() throws IOException {
    Path file = folder.resolve("texts.jsonl");
    AugmentedTexts.write(file, TEXTS);
    byte[] whole = Files.readAllBytes(file);

    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] = (byte) (damaged[i] == '7' ? '8' : '7');
      refused(file, damaged);
    }
    refused(file, new byte[0]);
    refused(file, Arrays.copyOf(whole, whole.length / 2));
    refused(file, new byte[] {(byte) 0xff, '\n'});
  }

  private static void refused(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> AugmentedTexts.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("texts.jsonl: error: the augmented texts are damaged")
        .hasMessageContaining("delete the file");
  }
}
