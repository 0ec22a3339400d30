package dev.retort.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.eval.Requirement;
import dev.retort.eval.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextReportsTest {

  private static final Requirement RETENTION = Requirement.parse("retention", ">= 97%");
  private static final Requirement SIZE = Requirement.parse("sizeMb", "<= 30");
  private static final Measured KEPT = new Measured(0.984, 0.976, 0.991, 3080);

  @Test
  void theHeadlineSaysAllInOneSentence() {
    Map<Metric, Measured> student =
        Map.of(
            Metric.RETENTION,
            KEPT,
            Metric.P95_LATENCY_MS,
            new Measured(1.9, 1.7, 2.3, 1000),
            Metric.SIZE_MB,
            Measured.exactly(21.3));

    assertThat(headline(List.of(RETENTION.judge(KEPT), SIZE.judge(student)), student))
        .isEqualTo(
            "The student keeps 98.4 % of the teacher’s accuracy (97.6–99.1), answers in 1.9 ms"
                + " (p95), and takes 21.3 MB: both requirements met.");
  }

  @Test
  void theHeadlineNamesWhatIsMissedAndUnproven() {
    Measured close = new Measured(0.975, 0.965, 0.985, 3080);
    List<Verdict> verdicts = List.of(RETENTION.judge(close), SIZE.judge(Measured.exactly(31)));

    assertThat(headline(verdicts, Map.of()))
        .endsWith("takes 31.0 MB: 0 of 2 requirements met; size missed; retention unproven.");
    assertThat(headline(List.of(RETENTION.judge(KEPT)), Map.of()))
        .endsWith("(97.6–99.1): the requirement is met.");
    assertThat(headline(List.of(), Map.of(Metric.ACCURACY, new Measured(0.91, 0.9, 0.92, 3080))))
        .isEqualTo("The student reaches 91.0 % accuracy (90.0–92.0): no requirements were set.");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 40, 60, 80, 200})
  void theTerminalTableFitsItsColumns(int columns) {
    String table = TerminalTable.verdict(ExampleReport.report(), columns);

    assertThat(table.lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Math.max(40, columns)));
    assertThat(table).doesNotContain("\u001b");
  }

  @Test
  void theTerminalTableShowsVerdictsAndModels() {
    String table = TerminalTable.verdict(ExampleReport.report(), 80);

    assertThat(table)
        .contains("✓ met  retention    ≥ 97 %")
        .containsPattern("teacher +student +baseline +student int8")
        .containsPattern("accuracy +9\\d\\.\\d % +9\\d\\.\\d %");
  }

  @Test
  void aNarrowTerminalLosesIntervalsBeforeNumbers() {
    String table = TerminalTable.verdict(ExampleReport.report(), 44);

    assertThat(table).containsPattern("✓ met  p95 latency  ≤ 5 ms   1\\.9\\d ms\n");
  }

  @Test
  void coloursAreOnlyThereWhenAskedFor() {
    RunReport report =
        TestReports.with(
            List.of(
                RETENTION.judge(KEPT), RETENTION.judge(Map.of()), SIZE.judge(Measured.exactly(31))),
            TestReports.empty().results());

    assertThat(TerminalTable.verdict(report, 80, true))
        .contains("\u001b[32m✓ met\u001b[0m")
        .contains("\u001b[33m? unproven\u001b[0m")
        .contains("\u001b[31m✗ missed\u001b[0m");
    assertThat(TerminalTable.verdict(report, 80, true).replaceAll("\u001b\\[\\d+m", ""))
        .isEqualTo(TerminalTable.verdict(report, 80));
  }

  @Test
  void markdownTablesHoldTogether() {
    String markdown = MarkdownReport.render(ExampleReport.report());

    assertThat(markdown)
        .startsWith("# banking-3-layer\n\n**The student keeps ")
        .contains("| ✓ met | retention |")
        .contains("## Side by side", "## Worst disagreements", "    retort serve runs/");
    assertThat(cellsPerRow(markdown, "| accuracy |"))
        .isEqualTo(cellsPerRow(markdown, "|  | teacher |"));
  }

  @Test
  void markdownTakesTextLiterally() {
    String markdown =
        MarkdownReport.render(TestReports.saying("a | b\n<script> *c* `d` [e](f) # g"));

    assertThat(markdown).contains("| a \\| b &lt;script> \\*c\\* \\`d\\` \\[e\\](f) \\# g |");
    assertThat(markdown.lines().filter(line -> !line.startsWith("    ")))
        .noneMatch(line -> line.contains("<script>"));
    assertThat(MarkdownReport.render(TestReports.empty())).startsWith("# tiny");
  }

  @Test
  void jsonComesBackAsItWas(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.json");
    RunReport report = ExampleReport.report();

    JsonReport.write(report, file);

    assertThat(JsonReport.read(file)).isEqualTo(report);
  }

  @Test
  void jsonKeepsInfiniteBoundsAndEveryKindOfVerdict(@TempDir Path folder) throws IOException {
    Measured open = new Measured(0.98, 0.5, Double.POSITIVE_INFINITY, 5);
    RunReport report =
        TestReports.with(
            List.of(
                RETENTION.judge(KEPT),
                RETENTION.judge(open),
                RETENTION.judge(Map.of()),
                SIZE.judge(Measured.exactly(31))),
            TestReports.student(Map.of(Metric.RETENTION, open)));

    JsonReport.write(report, folder.resolve("report.json"));

    assertThat(JsonReport.read(folder.resolve("report.json"))).isEqualTo(report);
  }

  @Test
  void jsonKeysAreStableAndUseRecipeNames() {
    String json = JsonReport.render(ExampleReport.report());

    assertThat(json)
        .startsWith("{\n  \"schemaVersion\" : 1,\n  \"allRequirementsMet\" : true,\n  \"run\" : {")
        .contains("\"metric\" : \"retention\"")
        .contains("\"p95LatencyMs\" : {")
        .contains("\"started\" : \"2026-11-20T09:12:03Z\"");
    assertThat(json.lines().filter(line -> line.matches("  \"\\w+\" : .*")))
        .extracting(line -> line.replaceAll("[^\"]*\"(\\w+)\".*", "$1"))
        .containsExactly(
            "schemaVersion",
            "allRequirementsMet",
            "run",
            "verdicts",
            "results",
            "curves",
            "delivery");
    assertThat(JsonReport.render(ExampleReport.report())).isEqualTo(json);
  }

  @Test
  void jsonThatIsNoReportIsNamed(@TempDir Path folder) throws IOException {
    Path other = Files.writeString(folder.resolve("a.json"), "{\"schemaVersion\": 99}");
    Path broken = Files.writeString(folder.resolve("b.json"), "{\"schemaVersion\": 1, \"run\": 5}");
    Path text = Files.writeString(folder.resolve("c.json"), "not json");

    assertThatThrownBy(() -> JsonReport.read(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.json: schemaVersion is 99 but this version of Retort reads 1");
    assertThatThrownBy(() -> JsonReport.read(broken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b.json is not a report");
    assertThatThrownBy(() -> JsonReport.read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("c.json is not a report");
  }

  @Test
  void theWorstDisagreementsAreTheSurest() {
    float[][] teacher = {{4, 0}, {1, 0}, {5, 0}, {0, 2}};
    float[][] student = {{0, 3}, {0, 1}, {5, 0}, {9, 0}};
    int[] labels = {0, 1, 0, 1};
    Disagreement.Rows rows =
        new Disagreement.Rows(List.of("first", "second", "third", "fourth"), List.of("no", "yes"));

    List<Disagreement> worst =
        Disagreement.worst(
            rows, Predictions.ofLogits(teacher, labels), Predictions.ofLogits(student, labels), 2);

    assertThat(worst).extracting(Disagreement::text).containsExactly("first", "fourth");
    assertThat(worst.getFirst().label()).isEqualTo("no");
    assertThat(worst.getFirst().teacher().label()).isEqualTo("no");
    assertThat(worst.getFirst().student().label()).isEqualTo("yes");
    assertThat(worst.getFirst().student().probability()).isBetween(0.95, 0.96);
  }

  private static String headline(List<Verdict> verdicts, Map<Metric, Measured> student) {
    return Headline.of(TestReports.with(verdicts, TestReports.student(student)))
        .replace(Format.THIN, " ");
  }

  private static long cellsPerRow(String markdown, String start) {
    String row = markdown.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    return row.chars().filter(c -> c == '|').count();
  }
}
