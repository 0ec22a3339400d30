package dev.retort.run;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataRow;
import dev.retort.data.DataRows;
import dev.retort.data.Finding;
import dev.retort.io.Aside;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Ledger;
import dev.retort.quality.Dropped;
import dev.retort.report.DataHtmlReport;
import dev.retort.report.DataReport;
import dev.retort.synthesis.ColumnChecks;
import dev.retort.synthesis.Rehearsal;
import dev.retort.synthesis.SeedSettings;
import dev.retort.synthesis.StepEstimate;
import dev.retort.synthesis.StepResult;
import dev.retort.synthesis.Synthesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes the data that a synthesis describes, and writes them into its file. Every answer goes
/// through the ledger: whatever ends a run, the next one asks only what is missing.
///
/// @param context what the work needs from outside
public record Generating(RunContext context) {

  /// What was written.
  ///
  /// @param steps what came of each step
  /// @param rows where the rows are
  /// @param dropped where those lie that were dropped
  /// @param report the page that says all this
  /// @param paid what all answers for the synthesis have cost, earlier runs included
  public record Outcome(
      List<StepResult> steps, Path rows, Path dropped, Path report, Dollars paid) {

    public Outcome {
      steps = List.copyOf(steps);
    }

    /// How many rows were written.
    public int kept() {
      return steps.getLast().sifted().kept().size();
    }

    /// How many were dropped on the way.
    public int left() {
      return steps.stream().mapToInt(step -> step.sifted().dropped().size()).sum();
    }
  }

  /// Carries out all steps and writes what they leave.
  ///
  /// @param file of the synthesis, where its relative paths start
  /// @throws RecipeException if a step reads a column that is not there
  /// @throws dev.retort.data.DataException if the seeds cannot be read
  /// @throws RunInterruptedException if the user asked for the end first
  /// @throws dev.retort.api.RetryableApiException if some requests have failed for now
  /// @throws dev.retort.ledger.BudgetSpentException if the budget was spent first
  public Outcome write(Synthesis synthesis, Path file) throws IOException {
    List<DataRow> seeds = seeds(synthesis, file);
    Paying paying = new Paying(context, synthesis.name());
    try (Ledger ledger = paying.ledger();
        PaidTeacher teacher = new PaidTeacher(paying, synthesis.teacher(), ledger)) {
      List<StepResult> steps =
          new GenerationSteps(paying, synthesis, teacher, sources(file)).run(seeds);
      Dollars paid = ledger.paid(synthesis.name());
      List<String> notes = teacher.redaction("teacher").map(Finding::toString).stream().toList();
      notes.forEach(context.listener()::noted);
      DataReport.Cost cost =
          new DataReport.Cost(
              teacher.asked(),
              teacher.known(),
              teacher.paid().toString(),
              paid.toString(),
              synthesis.teacher().settings().licence().orElse(""));
      Path out = folder(file).resolve(synthesis.out());
      return written(out, DataReporting.report(synthesis, steps, cost, notes), steps, paid);
    }
  }

  /// What the steps would cost, as far as it can be known before their answers are.
  public List<StepEstimate> estimate(Synthesis synthesis, Path file) throws IOException {
    List<DataRow> seeds = seeds(synthesis, file);
    try (Ledger ledger = new Paying(context, synthesis.name()).ledger()) {
      return new Rehearsal(synthesis, ledger, sources(file)).estimate(seeds);
    }
  }

  private List<DataRow> seeds(Synthesis synthesis, Path file) throws IOException {
    List<DataRow> rows = new ArrayList<>();
    if (synthesis.seeds().isPresent()) {
      SeedSettings settings = synthesis.seeds().get();
      Map<String, String> names = settings.columns();
      DataRows.read(folder(file), "seeds.file", settings.file()).stream()
          .limit(settings.limit().orElse(Integer.MAX_VALUE))
          .map(row -> row.renamed(names))
          .forEach(rows::add);
    }
    ColumnChecks.require(file.toString(), synthesis, rows);
    return rows;
  }

  private FilterSources sources(Path file) {
    return new FilterSources(folder(file), context.models());
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? Path.of("") : folder;
  }

  private static Outcome written(Path out, DataReport report, List<StepResult> steps, Dollars paid)
      throws IOException {
    List<String> rows =
        steps.getLast().sifted().kept().stream().map(row -> line(row, report.model())).toList();
    List<String> dropped =
        steps.stream()
            .flatMap(step -> step.sifted().dropped().stream().map(row -> line(row, step.step())))
            .toList();
    Path apart = beside(out, ".dropped.jsonl");
    Aside.file(out, aside -> Files.write(aside, rows));
    Aside.file(apart, aside -> Files.write(aside, dropped));
    Path page = beside(out, ".report.html");
    DataHtmlReport.write(report, page);
    return new Outcome(steps, out, apart, page, paid);
  }

  private static String line(DataRow row, String by) {
    ObjectNode line = row.json();
    line.put("origin", row.origin()).put("by", by);
    return line.toString();
  }

  private static String line(Dropped dropped, String step) {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    line.put("step", step).put("reason", dropped.reason()).put("origin", dropped.row().origin());
    line.set("row", dropped.row().json());
    return line.toString();
  }

  private static Path beside(Path out, String ending) {
    String name = String.valueOf(out.getFileName());
    return out.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
  }
}
