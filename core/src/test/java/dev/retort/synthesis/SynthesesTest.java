package dev.retort.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthesesTest {

  @TempDir Path folder;

  @Test
  void theReferenceIsUpToDate() {
    assertThat(Path.of("../docs/synthesis-reference.md"))
        .as("run `make docs` and commit what it changes")
        .hasContent(Syntheses.reference());
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceWithItsPath() {
    assertThatThrownBy(() ->
            read(
                """
                name: a b
                teacher: {model: 'openai:nowhere'}
                steps:
                  - {use: rationale, votes: 2, temperature: 0}
                  - {use: judge, atLeast: 11}
                  - use: filter
                    with: [{use: length, column: text, atLeast: 5, atMost: 3}, {use: langauge}]
                out: rows.jsonl
                """))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("teacher.model (line 2): API address")
        .hasMessageContaining("steps[0] (line 4): temperature is 0")
        .hasMessageContaining("steps[1].atLeast")
        .hasMessageContaining("steps[2].with[0].atMost")
        .hasMessageContaining("did you mean 'language'?");
  }

  @Test
  void onlyAStepThatNeedsNoRowsBeginsWithNothing() throws IOException {
    String synthesis =
        """
        name: a
        teacher: {model: 'openai:http://localhost#m'}
        steps: [{use: attributed, count: 2, shown: %d, labels: {yes: '', no: ''}}]
        out: rows.jsonl
        """;

    assertThat(read(synthesis.formatted(0)).steps()).hasSize(1);
    assertThatThrownBy(() -> read(synthesis.formatted(1)))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("seeds");
  }

  private Synthesis read(String yaml) throws IOException {
    return Syntheses.read(Files.writeString(folder.resolve("s.yaml"), yaml), List.of());
  }
}
