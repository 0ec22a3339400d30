package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelimitedFileTest {
  @TempDir Path temporary;
  private DataFolder data = new DataFolder(Path.of(""));

  @BeforeEach
  void folder() {
    data = new DataFolder(temporary);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void readsAnyOneKindOfLineEnding(String ending) throws IOException {
    data.write("a.csv", String.join(ending, "text,label", "one,x", "two,y", ""));

    assertThat(data.examples(DataFolder.settings("a.csv")))
        .extracting(Example::text, Example::label, example -> example.place().line())
        .containsExactly(tuple("one", 0, 2L), tuple("two", 1, 3L));
  }

  @Test
  void readsFilesWithoutFinalLineBreak() throws IOException {
    data.write("a.csv", "text,label\none,x\ntwo,y");

    assertThat(data.examples(DataFolder.settings("a.csv"))).hasSize(2);
  }

  @Test
  void ignoresTheByteOrderMark() throws IOException {
    data.write("a.csv", "\uFEFFtext,label\none,x\n");

    assertThat(data.examples(DataFolder.settings("a.csv")))
        .extracting(Example::text)
        .containsExactly("one");
  }

  @Test
  void keepsQuotedSeparatorsQuotesAndLineBreaks() throws IOException {
    data.write("a.csv", "text,label\r\n\"a, \"\"b\"\"\nc\r\nd\",x\r\n\r\n\r\nplain,y\r\n");

    assertThat(data.examples(DataFolder.settings("a.csv")))
        .extracting(Example::text, example -> example.place().line())
        .containsExactly(tuple("a, \"b\"\nc\r\nd", 2L), tuple("plain", 7L));
  }

  @Test
  void keepsValuesThatLookLikeNumbersOrNothing() throws IOException {
    data.write("a.csv", "text,label\nNULL,01\n  007 ,1\nNaN,001\n");

    Dataset train = data.read(DataFolder.settings("a.csv")).train();
    assertThat(train.examples()).extracting(Example::text).containsExactly("NULL", "  007 ", "NaN");
    assertThat(train.labels().names()).containsExactly("001", "01", "1");
  }

  @Test
  void countsABlankLineAsARecordWhereThereIsOneColumn() throws IOException {
    data.write("a.csv", "text\none\n\ntwo\n");
    DataSettings unlabelled =
        new DataSettings(
            "a.csv",
            Optional.empty(),
            Optional.empty(),
            "text",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Leakage.DROP);

    assertThat(data.examples(unlabelled))
        .extracting(Example::text, Example::label, example -> example.place().line())
        .containsExactly(tuple("one", -1, 2L), tuple("", -1, 3L), tuple("two", -1, 4L));
  }

  @Test
  void acceptsColumnsWithEmptyOrRepeatedNames() throws IOException {
    data.write("a.csv", ",text,x,x,label,\n0,one,p,q,a,\n1,two,p,q,b,\n");

    assertThat(data.examples(DataFolder.settings("a.csv")))
        .extracting(Example::text)
        .containsExactly("one", "two");
  }

  @Test
  void takesNumberedColumnsForAFileWithoutHeader() throws IOException {
    data.write("a.csv", "3,\"Title, one\",Body\n4,Title two,Body two\n");
    DataSettings settings =
        DataFolder.withPair(DataFolder.settings("a.csv", "column1", "column0"), "column2");

    assertThat(data.examples(settings))
        .extracting(Example::text, Example::pair, example -> example.place().line())
        .containsExactly(
            tuple("Title, one", Optional.of("Body"), 1L),
            tuple("Title two", Optional.of("Body two"), 2L));
  }

  @Test
  void takesNumberedColumnsFromAHeaderThatHasThem() throws IOException {
    data.write("a.csv", "column1,column0\none,x\n");

    assertThat(data.examples(DataFolder.settings("a.csv", "column1", "column0")))
        .extracting(Example::text)
        .containsExactly("one");
  }

  @Test
  void takesQuotesInTsvAsText() throws IOException {
    data.write("a.tsv", "text\tlabel\n\"Open, he said\tx\n5\" pipe\tx\n\"a\" \"b\"\"\ty\n");

    assertThat(data.examples(DataFolder.settings("a.tsv")))
        .extracting(Example::text)
        .containsExactly("\"Open, he said", "5\" pipe", "\"a\" \"b\"\"");
  }

  @Test
  void quotesCanBeSwitchedOnForTsvAndOffForCsv() throws IOException {
    data.write("a.tsv", "text\tlabel\n\"a\tb\"\tx\n").write("a.csv", "text,label\n\"open,x\n");

    assertThat(data.examples(quotes("a.tsv", Quotes.DOUBLE)))
        .extracting(Example::text)
        .containsExactly("a\tb");
    assertThat(data.examples(quotes("a.csv", Quotes.NONE)))
        .extracting(Example::text)
        .containsExactly("\"open");
  }

  private static DataSettings quotes(String file, Quotes quotes) {
    return new DataSettings(
        file,
        Optional.empty(),
        Optional.empty(),
        "text",
        Optional.empty(),
        Optional.of("label"),
        Optional.of(quotes),
        Leakage.DROP);
  }

  @Test
  void keepsTheOrderOfALargeFile() throws IOException {
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int row = 0; row < 20_000; row++) {
      csv.append("row ").append(row).append(",").append(row % 3).append('\n');
    }
    data.write("a.csv", csv.toString());

    List<Example> examples = data.examples(DataFolder.settings("a.csv"));
    assertThat(examples).hasSize(20_000);
    for (int row = 0; row < examples.size(); row++) {
      assertThat(examples.get(row).text()).isEqualTo("row " + row);
      assertThat(examples.get(row).place().line()).isEqualTo(row + 2);
    }
  }

  @Test
  void namesEveryBrokenRecordWithItsLine() throws IOException {
    data.write("a.csv", "text,label\n\"two\nlines\",x\n\nshort\nq,w,e\n\"y\"z,x\nfine,x\n");

    assertThat(data.problems(DataFolder.settings("a.csv")))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("a.csv:5: error: 'short' has another number of fields")
                    .contains("expected: 2 Found: 1"),
            second -> assertThat(second).startsWith("a.csv:6: error: 'q,w,e' has another"),
            third -> assertThat(third).startsWith("a.csv:7: error: '\"y\"z,x' has a quote"));
  }

  @Test
  void namesTheLineOfAQuoteThatIsNeverClosed() throws IOException {
    data.write("a.csv", "text,label\none,x\n\"open,x\ntwo,y\nthree,y\n");

    assertThat(data.problems(DataFolder.settings("a.csv")))
        .singleElement()
        .asString()
        .startsWith("a.csv:3: error: '\"open,x' has a quote that is not closed")
        .contains("data.quotes: none");
  }

  @Test
  void namesTheLineThatIsNotUtf8() throws IOException {
    data.write("a.csv", "text,label\none,x\nKärtchen,y\n".getBytes(StandardCharsets.ISO_8859_1))
        .write("b.csv", "tëxt,label\none,x\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(data.problems(DataFolder.settings("[ab].csv")))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("a.csv:3: error:").contains("is not UTF-8"),
            second -> assertThat(second).startsWith("b.csv:1: error: is not UTF-8"));
  }

  @Test
  void namesTheLineWhereLineEndingsChange() throws IOException {
    data.write("a.csv", "text,label\none,x\ntwo,y\r\nthree,y\n");

    assertThat(data.problems(DataFolder.settings("a.csv")))
        .singleElement()
        .asString()
        .startsWith("a.csv:3: error: ends with another line break than the first line");
  }

  @Test
  void listsTheColumnsAndTheNearestNameForEachMissingOne() throws IOException {
    data.write("a.csv", "text,category,id\none,x,1\n");

    assertThat(data.problems(DataFolder.settings("a.csv", "Texts", "lable")))
        .containsExactly(
            "a.csv: error: data.text: there is no column 'Texts'; the columns are"
                + " text, category, id; did you mean 'text'?",
            "a.csv: error: data.label: there is no column 'lable'; the columns are"
                + " text, category, id");
  }

  @Test
  void refusesEmptyFilesAndFilesWithoutRecords() throws IOException {
    data.write("a.csv", "").write("b.csv", "text,label\n").write("c.csv", "text,label");

    assertThat(data.problems(DataFolder.settings("*.csv")))
        .containsExactly(
            "a.csv: error: is empty",
            "b.csv: error: holds no examples",
            "c.csv: error: holds no examples");
  }
}
