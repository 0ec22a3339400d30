package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataReaderTest {
  @TempDir Path temporary;
  private DataFolder data = new DataFolder(Path.of(""));

  @BeforeEach
  void folder() {
    data = new DataFolder(temporary);
  }

  @Test
  void readsTheFilesOfAGlobInTheOrderOfTheirNames() throws IOException {
    data.write("part-2.csv", "text,label\nthird,x\n")
        .write("part-1.csv", "label,text\nx,first\ny,second\n")
        .write("other.csv", "text,label\nno,no\n");

    assertThat(data.examples(DataFolder.settings("part-*.csv")))
        .extracting(Example::text)
        .containsExactly("first", "second", "third");
  }

  @Test
  void readsFilesWithDifficultNames() throws IOException {
    data.write("it's [1]/*odd*.csv", "text,label\none,x\n")
        .write("it's [1]/1odd1.csv", "text,label\ntwo,x\n");

    assertThat(data.examples(DataFolder.settings("it's [1]/*odd*.csv")))
        .extracting(Example::text)
        .containsExactly("one");
    assertThat(new DataFolder(data.file("it's [1]")).examples(DataFolder.settings("1*.csv")))
        .extracting(Example::text)
        .containsExactly("two");
  }

  @Test
  void reportsAllFilesThatCannotBeReadAtOnce() throws IOException {
    data.write("notes.md", "hello").write("folder/a.csv", "text,label\n");
    DataSettings settings =
        new DataSettings(
            "trian.csv",
            Optional.of(SplitSource.parse("folder")),
            Optional.of(SplitSource.parse("*.md")),
            "text",
            Optional.empty(),
            Optional.of("label"),
            Optional.empty(),
            Leakage.DROP);

    assertThat(data.problems(settings))
        .satisfiesExactly(
            train -> assertThat(train).startsWith("error: data.train: trian.csv does not exist"),
            validation ->
                assertThat(validation)
                    .startsWith("error: data.validation: folder is a folder; name a file")
                    .contains("folder/*.csv"),
            test ->
                assertThat(test)
                    .startsWith("notes.md: error: is of no kind Retort reads")
                    .contains(".jsonl"));
  }

  @Test
  void readsJsonlWithValuesAsTheyAreWritten() throws IOException {
    data.write(
        "a.jsonl",
        "\uFEFF{\"text\": \"a\\nb ü\", \"label\": 1.50, \"more\": [1, {}]}\r\n\r\n"
            + "{\"label\": true, \"text\": 7}\n{\"text\": null}");

    assertThat(data.examples(DataFolder.settings("a.jsonl")))
        .extracting(Example::text, Example::label, example -> example.place().line())
        .containsExactly(tuple("a\nb ü", 0, 1L), tuple("7", 1, 3L), tuple("", -1, 4L));
    assertThat(data.read(DataFolder.settings("a.jsonl")).train().labels().names())
        .containsExactly("1.50", "true");
  }

  @Test
  void namesEveryBrokenLineOfJsonl() throws IOException {
    byte[] start =
        "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\", \"la\n[1]\n{\"text\":[\"a\"]}\n\n{} x\n"
            .getBytes(StandardCharsets.UTF_8);
    byte[] broken = Arrays.copyOf(start, start.length + 3);
    broken[start.length] = '"';
    broken[start.length + 1] = (byte) 0xFF;
    broken[start.length + 2] = '"';
    data.write("a.jsonl", broken);

    assertThat(data.problems(DataFolder.settings("a.jsonl")))
        .satisfiesExactly(
            cut -> assertThat(cut).startsWith("a.jsonl:2: error: is no JSON (column "),
            list -> assertThat(list).startsWith("a.jsonl:3: error: is no JSON object"),
            text ->
                assertThat(text)
                    .startsWith("a.jsonl:4: error: data.text: the field 'text' holds a list"),
            more -> assertThat(more).startsWith("a.jsonl:6: error: is no JSON (column "),
            bytes -> assertThat(bytes).startsWith("a.jsonl:7: error: is not UTF-8"));
  }

  @Test
  void listsTheFieldsOfJsonlWhenAColumnIsMissing() throws IOException {
    data.write("a.jsonl", "{\"sentence\":\"a\"}\n{\"label\":1}\n");

    assertThat(data.problems(DataFolder.settings("a.jsonl", "sentense", "label")))
        .containsExactly(
            "a.jsonl: error: data.text: there is no column 'sentense'; the columns are"
                + " sentence, label; did you mean 'sentence'?");
  }

  @Test
  void readsParquetInOrder() throws IOException, SQLException {
    parquet(
        "SELECT 'text ' || i AS \"the \"\"text\"\"\", i % 3 AS label"
            + " FROM range(5000) AS t(i) UNION ALL SELECT NULL, 7");

    List<Example> examples =
        data.examples(DataFolder.settings("a.parquet", "the \"text\"", "label"));
    assertThat(examples).hasSize(5001);
    for (int row = 0; row < 5000; row++) {
      assertThat(examples.get(row))
          .isEqualTo(
              new Example(
                  "text " + row,
                  Optional.empty(),
                  row % 3,
                  new Place(data.file("a.parquet"), row + 1)));
    }
    assertThat(examples.getLast().text()).isEmpty();
  }

  @Test
  void refusesDamagedParquetAndListsItsColumns() throws IOException, SQLException {
    parquet("SELECT 'a' AS text, 1 AS label FROM range(1000)");
    byte[] whole = Files.readAllBytes(data.file("a.parquet"));
    data.write("cut.parquet", Arrays.copyOf(whole, whole.length / 2));

    assertThat(data.problems(DataFolder.settings("cut.parquet")))
        .singleElement()
        .asString()
        .startsWith("cut.parquet: error: cannot be read:")
        .contains("damaged");
    assertThat(data.problems(DataFolder.settings("a.parquet", "text", "class")))
        .containsExactly(
            "a.parquet: error: data.label: there is no column 'class'; the columns are"
                + " text, label");
  }

  private void parquet(String query) throws IOException, SQLException {
    try (DuckDb db = DuckDb.open()) {
      String file = DuckDb.literal(data.file("a.parquet").toString());
      db.execute("COPY (" + query + ") TO " + file + " (FORMAT parquet)");
    }
  }
}
