package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataException;
import dev.retort.data.DataRow;
import dev.retort.quality.Diverse;
import dev.retort.quality.Sifted;
import dev.retort.runtime.Embedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterSourcesTest {

  @TempDir Path folder;

  @Test
  void anEncodersVectorsAreThoseOfItsTextsInTheirOrder() throws IOException {
    TinyRun.in(folder);
    List<String> texts = List.of("good movie", "bad day this time was very slow", "good movie");

    float[][] together = sources().vectors(folder.resolve("model").toString(), texts);
    float[][] alone = sources().vectors("model", texts.subList(1, 2));

    assertThat(together).hasNumberOfRows(3);
    assertThat(together[0]).containsExactly(together[2], Offset.offset(1e-5f));
    assertThat(Embedder.cosine(together[0], together[1])).isLessThan(0.999);
    assertThat(together[1]).containsExactly(alone[0], Offset.offset(1e-5f));
  }

  @Test
  void diversityKeepsOneOfEqualTexts() throws IOException {
    TinyRun.in(folder);
    List<DataRow> rows =
        List.of(row("a", "good movie"), row("b", "good movie"), row("c", "slow price"));

    Sifted sifted = new Diverse("text", "model", 2).sift(rows, sources());

    assertThat(sifted.kept()).extracting(DataRow::origin).containsExactly("a", "c");
  }

  @Test
  void filesAreThoseBesideTheSynthesis() throws IOException {
    TinyRun.in(folder);

    assertThat(sources().rows("test.csv")).hasSize(90);
    assertThatThrownBy(() -> sources().rows("none.csv"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("against: none.csv does not exist");
  }

  private FilterSources sources() {
    return new FilterSources(folder, Models.fromEnvironment(Map.of("HF_HUB_OFFLINE", "1"), folder));
  }

  private static DataRow row(String origin, String text) {
    return DataRow.from(origin).with("text", text);
  }
}
