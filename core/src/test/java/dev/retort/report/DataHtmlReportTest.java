package dev.retort.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.report.DataReport.Column;
import dev.retort.report.DataReport.Cost;
import dev.retort.report.DataReport.Count;
import dev.retort.report.DataReport.Example;
import dev.retort.report.DataReport.Spread;
import dev.retort.report.DataReport.Stage;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class DataHtmlReportTest {

  private static final String HOSTILE = "<script>alert('x')</script> \" & ]]> \u0000 \ud800";

  @Test
  void showsStepsDroppedRowsColumnsBalanceAndCost() throws Exception {
    Document page = parse(DataHtmlReport.render(report("Too short.")));

    assertThat(texts(page, "h1"))
        .containsExactly("1,200 rows are kept, 34 were dropped on the way; $2.00 paid in all.");
    assertThat(texts(page, "h2"))
        .containsExactly("Steps", "What was dropped", "Columns", "Balance", "Cost");
    assertThat(texts(page, "summary")).containsExactly("steps[1].with[0] length: 1 of 34");
    assertThat(texts(page, "td"))
        .contains("Too short.", "1,200", "34", "$0.50", "$2.00", "ask them");
    assertThat(texts(page, "p")).contains("Too short. was replaced");
    assertThat(texts(page, "desc")).contains("34 of 1,234", "800 of 1,200");
  }

  @Test
  void whatTheModelWroteIsEscaped() throws Exception {
    String page = DataHtmlReport.render(report(HOSTILE));

    assertThat(parse(page).getElementsByTagName("script").getLength()).isZero();
    assertThat(texts(parse(page), "td")).anyMatch(cell -> cell.contains("<script>alert('x')"));
    assertThat(page)
        .doesNotContainPattern("(?i)url\\(|@import|javascript:| (src|href)=")
        .doesNotContainPattern("(?i)<(script|link|img|iframe)");
  }

  @Test
  void nothingDroppedAndNothingLeftIsAPageToo() throws Exception {
    DataReport empty =
        new DataReport(
            "none",
            "openai:m",
            List.of(new Stage("steps[0] answer", 0, 0, 0, List.of())),
            List.of(),
            new Cost(0, 0, "$0.00", "$0.00", ""),
            List.of());

    assertThat(texts(parse(DataHtmlReport.render(empty)), "h2")).containsExactly("Steps", "Cost");
  }

  private static DataReport report(String reason) {
    return new DataReport(
        "requests",
        "openai:https://api.test/v1#teacher",
        List.of(
            new Stage("steps[0] attributed", 0, 1234, 0, List.of()),
            new Stage(
                "steps[1].with[0] length",
                1234,
                1200,
                34,
                List.of(new Example("attributed 7", reason, "{\"text\":\"Hi\"}")))),
        List.of(
            new Column("text", 1200, 1190, new Spread(3, 12, 60), List.of()),
            new Column(
                "label",
                1200,
                2,
                new Spread(1, 1, 1),
                List.of(new Count("card", 800), new Count("refund", 400)))),
        new Cost(1234, 10, "$0.50", "$2.00", "ask them"),
        List.of(reason + " was replaced"));
  }

  private static Document parse(String page) throws Exception {
    String xml = page.replaceFirst("<!DOCTYPE html>", "");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private static List<String> texts(Document page, String tag) {
    NodeList found = page.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }
}
