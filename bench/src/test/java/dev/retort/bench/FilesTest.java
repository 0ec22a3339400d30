package dev.retort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {

  private static final Labels LABELS = Labels.of(List.of("no", "yes"));

  @TempDir Path folder;

  @Test
  void clincBecomesAFileForEachSplitWithoutWhatIsOutOfScope() throws IOException {
    Path published = folder.resolve("data_full.json");
    Files.writeString(
        published,
        """
        {"train": [["say \\"hi\\"", "greeting"], ["bye", "goodbye"]],
         "val": [["hello", "greeting"]],
         "test": [["so long", "goodbye"]],
         "oos_train": [["why is the sky blue", "oos"]]}
        """);

    ClincData.convert(published, folder.resolve("clinc"));

    assertThat(folder.resolve("clinc/train.jsonl"))
        .hasContent(
            """
            {"text":"say \\"hi\\"","intent":"greeting"}
            {"text":"bye","intent":"goodbye"}
            """);
    assertThat(folder.resolve("clinc/validation.jsonl"))
        .hasContent("{\"text\":\"hello\",\"intent\":\"greeting\"}\n");
    assertThat(folder.resolve("clinc/test.jsonl"))
        .hasContent("{\"text\":\"so long\",\"intent\":\"goodbye\"}\n");
  }

  @Test
  void otherFilesAreNotTakenForClinc() throws IOException {
    Path other = Files.writeString(folder.resolve("other.json"), "{\"train\": [[\"a\", \"b\"]]}");
    Path odd =
        Files.writeString(
            folder.resolve("odd.json"),
            "{\"train\": [[\"a\", \"b\"]], \"val\": [[\"a\"]], \"test\": [[\"a\"]]}");

    assertThatThrownBy(() -> ClincData.convert(other, folder.resolve("clinc")))
        .hasMessageStartingWith(other + " has no list '");
    assertThatThrownBy(() -> ClincData.convert(odd, folder.resolve("clinc")))
        .hasMessageContaining("[0] is [\"a\"], not [text, intent]");
    assertThat(folder.resolve("clinc")).doesNotExist();
  }

  @Test
  void textsComeBackAsTheyWereWritten() throws IOException {
    Path file = folder.resolve("data.jsonl");
    Files.writeString(
        file, "{\"text\": \"a \\\"b\\\" ü\", \"label\": 1}\n{\"text\":\"\",\"label\":0}");

    Dataset read = LabelledTexts.read(file, LABELS);
    Path copy = folder.resolve("copy.jsonl");
    LabelledTexts.write(read, copy);

    assertThat(read.examples()).extracting(Example::text).containsExactly("a \"b\" ü", "");
    assertThat(read.examples()).extracting(Example::label).containsExactly(1, 0);
    assertThat(LabelledTexts.read(copy, LABELS).hash()).isEqualTo(read.hash());
  }

  @Test
  void badLinesAreNamed() throws IOException {
    Path file = folder.resolve("data.jsonl");
    Files.writeString(file, "{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\", \"label\": 2}\n");

    assertThatThrownBy(() -> LabelledTexts.read(file, LABELS))
        .hasMessageContaining("data.jsonl")
        .hasMessageContaining("2")
        .hasMessageEndingWith("needs a \"text\" and a \"label\" from 0 to 1");
  }
}
