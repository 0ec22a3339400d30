package dev.retort.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// What models wrote, in all kinds of report.
class GenerationReportTest {

  private static final String HOSTILE =
      "</dd></dl><script>alert('x')</script> \" & ]]> \u0000\u001b[31m \ud800 <b>\n    ```\n# a";

  @TempDir Path folder;

  @Test
  void thePageShowsAllTextsOfAPrompt() throws Exception {
    Document page = parse(HtmlReport.render(ExampleGenerations.report()));

    assertThat(texts(page, "h2")).contains("Generations side by side");
    assertThat(texts(page, "blockquote"))
        .hasSize(2)
        .first()
        .asString()
        .contains("48 of her friends");
    assertThat(texts(page, "dt"))
        .startsWith(
            "data",
            "teacher ROUGE-L 52\u202f% ✓ exact",
            "student ROUGE-L 86\u202f% ✓ exact",
            "baseline ROUGE-L 31\u202f% ✗ not exact");
    assertThat(texts(page, "dd"))
        .contains("Paris", "nothing")
        .anyMatch(text -> text.endsWith("she sold 48 clips in …"));
  }

  @Test
  void thePageEscapesWhatModelsWrote() throws Exception {
    String page = HtmlReport.render(ExampleGenerations.saying(HOSTILE));

    Document parsed = parse(page);
    assertThat(texts(parsed, "script")).isEmpty();
    String shown = HOSTILE.replaceAll("[\\x00\\x1b]|\\ud800", "\ufffd");
    assertThat(texts(parsed, "blockquote")).containsExactly(shown);
    assertThat(texts(parsed, "dd")).containsExactly(shown, shown, shown);
    assertThat(page).doesNotContain("<script").doesNotContain("<b>");
  }

  @Test
  void markdownIsReadableAsItIs() {
    String markdown = section(ExampleGenerations.report());

    assertThat(markdown.lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }

  @Test
  void markdownTakesWhatModelsWroteLiterally() {
    String markdown = section(ExampleGenerations.saying(HOSTILE));

    assertThat(markdown)
        .contains("    </dd></dl><script>alert('x')</script> \" & ]]> \ufffd\ufffd[31m")
        .contains("\n        ```\n    # a\n");
    assertThat(markdown.lines().filter(line -> line.startsWith("    ")))
        .noneMatch(line -> line.contains("\u001b"));
    assertThat(markdown.lines().filter(line -> !line.startsWith("    ")))
        .noneMatch(line -> line.contains("<script>") || line.startsWith("# "));
  }

  @Test
  void longTextsAreShortened() {
    String text = IntStream.range(0, 5000).mapToObj(i -> "😀").reduce("", String::concat);

    assertThat(GenerationSection.beginning(text)).startsWith("😀😀").endsWith("😀 …").hasSize(2402);
    assertThat(GenerationSection.end(text)).startsWith("… 😀").endsWith("😀").hasSize(1202);
    assertThat(GenerationSection.end("short")).isEqualTo("short");
  }

  @Test
  void jsonComesBackAsItWas() throws IOException {
    RunReport report = ExampleGenerations.report();
    Path file = folder.resolve("report.json");
    JsonReport.write(report, file);

    assertThat(JsonReport.read(file)).isEqualTo(report);
    assertThat(file).content().contains("\"choice\" : \"WORST\"", "\"rougeL\" : 0.52");
  }

  /// Reports of versions that showed no generations can still be read.
  @Test
  void aReportWithoutGenerationsIsRead() throws IOException {
    Path file = folder.resolve("report.json");
    JsonReport.write(TestReports.empty(), file);
    String json = Files.readString(file);
    String older = json.replaceAll(",\\s*\"generations\" : \\[ ?\\]", "");
    assertThat(older).isNotEqualTo(json);
    Files.writeString(file, older);

    assertThat(JsonReport.read(file)).isEqualTo(TestReports.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80})
  void theTerminalShowsTheNumbersWithinItsColumns(int columns) {
    String table = TerminalTable.verdict(ExampleGenerations.report(), columns);

    assertThat(table.lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    assertThat(table)
        .contains(
            "KL from teacher", "exact match", "ROUGE-L", "first token", "sampled batch speed");
    assertThat(TerminalTable.verdict(ExampleGenerations.report(), 80))
        .contains("writes 43.2 tokens/s")
        .containsPattern("teacher +student +baseline");
  }

  private static String section(RunReport report) {
    String markdown = MarkdownReport.render(report);
    int begin = markdown.indexOf("## Generations side by side");
    return markdown.substring(begin, markdown.indexOf("## Provenance"));
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  private static List<String> texts(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }
}
