package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimilarityDataTest {

  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    write("texts.csv", "text\nA dog runs.\nA cat sleeps.\nA dog runs.\n  \n");
    write("pairs.csv", "text,other,score\na dog RUNS.,Dogs run.,4.5\nOne,Two,0\n");
    write("test.jsonl", "{\"text\": \"x\", \"other\": \"y\", \"score\": 2.5}\n");
  }

  @Test
  void trainsOnDifferentTextsThatAreNotHeldOut() throws IOException {
    SimilarityData data = SimilarityData.read(settings("texts.csv", "pairs.csv"), folder);

    assertThat(data.train().examples()).extracting(Example::text).containsExactly("A cat sleeps.");
    assertThat(data.findings())
        .singleElement()
        .asString()
        .contains("1 of 2 examples also in validation");
  }

  @Test
  void pairsAreTheFirstTextsAndThenTheSecondOnes() throws IOException {
    SimilarityData data = SimilarityData.read(settings("texts.csv", "pairs.csv"), folder);

    assertThat(data.validation().texts().examples())
        .extracting(Example::text)
        .containsExactly("a dog RUNS.", "One", "Dogs run.", "Two");
    assertThat(data.validation().scores()).containsExactly(4.5, 0);
    assertThat(data.test().size()).isEqualTo(1);
    assertThat(data.test().scores()).containsExactly(2.5);
  }

  @Test
  void bothTextsOfTrainingPairsAreLearntFrom() throws IOException {
    write("both.csv", "other,score,text\nsecond,1,first\n");

    SimilarityData data = SimilarityData.read(settings("both.csv", "pairs.csv"), folder);

    assertThat(data.train().examples())
        .extracting(Example::text)
        .containsExactly("first", "second");
  }

  @Test
  void namesEveryPairThatIsNone() throws IOException {
    write("bad.csv", "text,other,score\na,b,good\n,b,1\na,,1\na,b,1\n");

    assertThatThrownBy(() -> SimilarityData.read(settings("texts.csv", "bad.csv"), folder))
        .hasMessageContaining("bad.csv:2: error: validation: the score 'good' is no number")
        .hasMessageContaining("bad.csv:3: error: validation: a text of the pair is empty")
        .hasMessageContaining("bad.csv:4: error: validation: a text of the pair is empty")
        .hasMessageNotContaining("bad.csv:5");
  }

  @Test
  void heldOutDataAreFilesOfPairs() {
    DataSettings share = settings("texts.csv", "10%");
    DataSettings noScore =
        new DataSettings(
            "texts.csv",
            Optional.of(SplitSource.parse("pairs.csv")),
            Optional.of(SplitSource.parse("test.jsonl")),
            "text",
            Optional.of("other"),
            Optional.empty(),
            Optional.empty(),
            Leakage.DROP);

    assertThatThrownBy(() -> SimilarityData.read(share, folder))
        .hasMessageContaining("data.validation: an embedder needs a file of scored pairs");
    assertThatThrownBy(() -> SimilarityData.read(noScore, folder))
        .hasMessageContaining("name the columns `pair`");
  }

  private DataSettings settings(String train, String validation) {
    return new DataSettings(
        train,
        Optional.of(SplitSource.parse(validation)),
        Optional.of(SplitSource.parse("test.jsonl")),
        "text",
        Optional.of("other"),
        Optional.of("score"),
        Optional.empty(),
        Leakage.DROP);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }
}
