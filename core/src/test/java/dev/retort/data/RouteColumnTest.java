package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteColumnTest {

  private static final RouteColumn LANGUAGE = new RouteColumn("language", List.of("en", "de"));

  @TempDir Path folder;
  private DataFolder data;

  @BeforeEach
  void open() {
    data = new DataFolder(folder);
  }

  @Test
  void isReadFromDelimitedFiles() throws IOException {
    data.write("a.csv", "language,text,label\n en ,one,x\nde,two,y\n");

    assertThat(routes("a.csv")).containsExactly(Optional.of("en"), Optional.of("de"));
  }

  @Test
  void isReadFromJsonLines() throws IOException {
    data.write("a.jsonl", "{\"text\":\"one\",\"label\":\"x\",\"language\":\"de\"}\n");

    assertThat(routes("a.jsonl")).containsExactly(Optional.of("de"));
  }

  @Test
  void isReadFromParquet() throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT 'en' AS language, 'one' AS text, 'x' AS label) TO '%s' (FORMAT parquet)"
              .formatted(data.file("a.parquet")));
    }

    assertThat(routes("a.parquet")).containsExactly(Optional.of("en"));
  }

  @Test
  void whatLeadsNowhereIsNamedWithItsLines() throws IOException {
    data.write("a.csv", "text,label,language\none,x,en\ntwo,y,nl\nthree,y,\nfour,x,nl\n");

    Splits splits = read("a.csv");

    assertThat(splits.findings()).allMatch(Finding::isError);
    assertThat(splits.findings().stream().map(data::shown))
        .containsExactly(
            "a.csv:3: error: train: language is 'nl', which leads to no teacher; combine.routes has"
                + " [en, de] (a.csv:3, a.csv:5)",
            "a.csv:4: error: train: language is empty, which leads to no teacher; combine.routes"
                + " has [en, de]");
  }

  @Test
  void aFileWithoutItIsRefused() throws IOException {
    data.write("a.csv", "text,label,lanugage\none,x,en\n");

    DataException failure = catchThrowableOfType(DataException.class, () -> read("a.csv"));

    assertThat(failure.problems().stream().map(data::shown))
        .containsExactly(
            "a.csv: error: combine.column: there is no column 'language'; the columns are text,"
                + " label, lanugage; did you mean 'lanugage'?");
  }

  @Test
  void otherRoutesAreOtherDataButTheSameTexts() {
    Example english = routed("en");
    Example german = routed("de");

    assertThat(Examples.dataset("train", 1, List.of(english)).hash())
        .isNotEqualTo(Examples.dataset("train", 1, List.of(german)).hash());
    assertThat(english.contentKey()).isEqualTo(german.contentKey());
    assertThat(english.withLabel(0).route()).contains("en");
  }

  private static Example routed(String route) {
    return new Example(
        "text", Optional.empty(), 0, new Place(Examples.FILE, 1), Optional.of(route));
  }

  private List<Optional<String>> routes(String file) throws IOException {
    return read(file).train().examples().stream().map(Example::route).toList();
  }

  private Splits read(String file) throws IOException {
    return Splits.read(DataFolder.settings(file), folder, 7, LANGUAGE);
  }
}
