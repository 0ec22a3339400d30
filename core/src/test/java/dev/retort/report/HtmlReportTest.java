package dev.retort.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Requirement;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {

  private static final String HOSTILE =
      "<script>alert('x')</script> \"onload=\" & ]]> \u0000\u001b \ud800 <b>";

  @Test
  void isWellFormedAndShowsEverySection() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.report()));

    assertThat(texts(page, "h2"))
        .containsExactly(
            "Requirements",
            "Side by side",
            "Quality and speed",
            "Training",
            "Classes",
            "Worst disagreements",
            "Data",
            "Files",
            "Next",
            "Provenance");
    assertThat(texts(page, "figcaption"))
        .contains("Accuracy with 95 % intervals", "Accuracy against latency", "Student, loss");
  }

  @Test
  void theVerdictComesFirstInWords() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.report()));

    assertThat(texts(page, "h1").getFirst())
        .startsWith("The student keeps 9")
        .contains("of the teacher’s accuracy (")
        .endsWith("all 3 requirements met.");
    assertThat(texts(page, "li").subList(0, 3))
        .allSatisfy(item -> assertThat(item.strip()).startsWith("✓ met"));
  }

  @Test
  void needsNothingFromOutside() {
    String page = HtmlReport.render(ExampleReport.report());

    assertThat(page)
        .doesNotContainPattern("(?i)https?:")
        .doesNotContainPattern("(?i)<(script|link|img|iframe|object|embed|base)")
        .doesNotContainPattern("(?i)url\\(|@import|javascript:| on[a-z]+=| (src|href)=");
  }

  @Test
  void everyTextIsEscaped() throws Exception {
    String page = HtmlReport.render(TestReports.saying(HOSTILE));

    Document parsed = parse(page);
    assertThat(elements(parsed, "script")).isEmpty();
    assertThat(texts(parsed, "blockquote"))
        .containsExactly(HOSTILE.replaceAll("[\\x00\\x1b]|\\ud800", "\ufffd"));
    assertThat(page).doesNotContain("<script").doesNotContain("<b>");
  }

  @Test
  void picturesAndTablesSayWhatTheyAre() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.report()));

    assertThat(elements(page, "svg"))
        .isNotEmpty()
        .allSatisfy(svg -> {
          assertThat(svg.getAttribute("role")).isEqualTo("img");
          assertThat(children(svg, "title")).hasSize(1);
          assertThat(children(svg, "desc").getFirst().getTextContent()).isNotBlank();
        });
    assertThat(elements(page, "table"))
        .isNotEmpty()
        .allSatisfy(table -> assertThat(children(table, "caption")).hasSize(1));
    assertThat(elements(page, "div").stream().filter(d -> d.getAttribute("class").equals("scroll")))
        .hasSameSizeAs(elements(page, "table"));
  }

  @Test
  void idsAreUnique() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.report()));

    List<String> ids =
        elements(page, "*").stream()
            .map(e -> e.getAttribute("id"))
            .filter(i -> !i.isEmpty())
            .toList();
    assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void fitsAPhoneAndBothThemes() {
    assertThat(HtmlReport.render(ExampleReport.report()))
        .contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
        .contains("@media (prefers-color-scheme: dark)")
        .contains("@media print");
  }

  @Test
  void anEmptyReportIsStillAPage() throws Exception {
    Document page = parse(HtmlReport.render(TestReports.empty()));

    assertThat(texts(page, "h1"))
        .containsExactly("The student was not measured: no requirements were set.");
    assertThat(texts(page, "h2")).containsExactly("Provenance");
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void oneNumberAloneIsEnough(Metric metric) {
    Measured open = new Measured(0.5, 0.25, Double.POSITIVE_INFINITY, 3);
    Requirement requirement = new Requirement(metric, metric.bound(), 0.5);
    RunReport report =
        TestReports.with(
            List.of(requirement.judge(open), requirement.judge(Map.of())),
            TestReports.student(Map.of(metric, open)));

    assertThatCode(() -> parse(HtmlReport.render(report))).doesNotThrowAnyException();
    assertThat(HtmlReport.render(report))
        .contains(metric.label())
        .contains("unproven")
        .contains("not measured")
        .doesNotContain("NaN")
        .doesNotContain("Infinity");
  }

  @Test
  void missingModelsLeaveNoHoles() throws Exception {
    RunReport full = ExampleReport.report();
    List<Evaluation> studentOnly =
        full.results().evaluations().stream().filter(e -> e.kind() == Kind.STUDENT).toList();
    RunReport report =
        TestReports.with(full.verdicts(), new Results(studentOnly, List.of(), List.of()));

    Document page = parse(HtmlReport.render(report));

    assertThat(texts(page, "h2")).contains("Classes").doesNotContain("Training");
    assertThat(HtmlReport.render(report)).doesNotContain("NaN").doesNotContain("baseline is");
  }

  @Test
  void isWrittenAsAWhole(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("runs/a/report.html");

    HtmlReport.write(TestReports.empty(), file);
    HtmlReport.write(ExampleReport.report(), file);

    assertThat(Files.readString(file)).isEqualTo(HtmlReport.render(ExampleReport.report()));
    try (var files = Files.list(folder.resolve("runs/a"))) {
      assertThat(files).containsExactly(file);
    }
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  private static List<String> texts(Document page, String tag) {
    return elements(page, tag).stream().map(Element::getTextContent).toList();
  }

  private static List<Element> elements(Document page, String tag) {
    return elements(page.getElementsByTagName(tag));
  }

  private static List<Element> children(Element element, String tag) {
    return elements(element.getElementsByTagName(tag));
  }

  private static List<Element> elements(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
