package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.IntNode;

class DataRowsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rows.csv   | a,b\\n"x, y",01\\n,2\\n                       | {"a":"x, y","b":"01"} {"a":"","b":"2"}
          rows.tsv   | a\\tb\\n"x\\t1\\n                             | {"a":"\\"x","b":"1"}
          rows.jsonl | {"a":"x","n":[1,2]}\\n\\n{"b":2.5}           | {"a":"x","n":[1,2]} {"b":2.5}
          rows.txt   | x\\n\\ny                                      | {"text":"x"} {"text":"y"}
          """)
  void allColumnsOfAllRowsAreRead(String name, String content, String expected) throws IOException {
    Files.writeString(folder.resolve(name), content.replace("\\n", "\n").replace("\\t", "\t"));

    List<DataRow> rows = DataRows.read(folder, "seeds.file", name);

    assertThat(rows)
        .extracting(row -> row.json().toString())
        .isEqualTo(List.of(expected.split(" (?=\\{)")));
    assertThat(rows.getLast().origin()).matches(".*" + name + ":[23]");
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), "{\"a\":1}\n[2]\n{");

    assertThatThrownBy(() -> DataRows.read(folder, "seeds.file", "rows.jsonl"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("rows.jsonl:2")
        .hasMessageContaining("rows.jsonl:3");
    assertThatThrownBy(() -> DataRows.read(folder, "seeds.file", "none.csv"))
        .hasMessageContaining("seeds.file: none.csv does not exist");
  }

  @Test
  void columnsGetNewNamesAndOthersKeepTheirs() {
    DataRow row =
        DataRow.from("x").with("q", "Why?").with("n", IntNode.valueOf(3)).with("prompt", "old");

    assertThat(row.renamed(Map.of("prompt", "q")).json().toString())
        .isEqualTo("{\"n\":3,\"prompt\":\"Why?\"}");
    assertThat(row.text("n")).contains("3");
    assertThat(row.with("q", " ").text("q")).isEmpty();
  }
}
