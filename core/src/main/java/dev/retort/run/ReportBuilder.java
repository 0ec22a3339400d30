package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.Finding;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import dev.retort.export.OnnxPrecision;
import dev.retort.io.Folders;
import dev.retort.io.Sha256;
import dev.retort.recipe.ExportFormat;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.recipe.Task;
import dev.retort.report.DataSummary;
import dev.retort.report.Delivery;
import dev.retort.report.LearningCurve;
import dev.retort.report.Provenance;
import dev.retort.report.Results;
import dev.retort.report.Run;
import dev.retort.report.RunReport;
import dev.retort.report.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Puts a run's report together from what its phases left.
///
/// @param context what the run needed from outside
/// @param recipe what was asked for
/// @param data the run's data
/// @param folder where the run leaves its files
record ReportBuilder(RunContext context, Recipe recipe, RunData data, RunFolder folder) {

  /// How a run went.
  ///
  /// @param teacherFingerprint hash of all that the teachers together answer from
  /// @param curves how the training phases went
  /// @param phases time by phase
  /// @param started when the run began
  record Made(
      String teacherFingerprint,
      List<LearningCurve> curves,
      SequencedMap<String, Duration> phases,
      Instant started) {}

  RunReport build(Results results, List<Verdict> verdicts, Made made) throws IOException {
    Run run = new Run(recipe.name(), recipe.task().recipeName(), summary(), provenance(made));
    return new RunReport(run, verdicts, results, made.curves(), delivery());
  }

  private DataSummary summary() {
    List<DataSummary.Split> splits =
        data.all().stream()
            .map(TokenizedDataset::dataset)
            .map(split -> new DataSummary.Split(split.name(), split.size(), split.hash()))
            .toList();
    return new DataSummary(
        splits,
        Optional.of(data.train().dataset())
            .filter(train -> train.labels().size() > 0)
            .map(ReportBuilder::balance),
        data.findings().stream().map(Finding::toString).toList());
  }

  private static DataSummary.Balance balance(Dataset train) {
    int[] counts = train.classCounts();
    return new DataSummary.Balance(
        counts.length,
        Arrays.stream(counts).min().orElse(0),
        Arrays.stream(counts).max().orElse(0));
  }

  private Provenance provenance(Made made) throws IOException {
    return new Provenance(
        Recipes.write(recipe),
        made.teacherFingerprint(),
        RunRecord.seeds(recipe),
        Machine.environment(),
        new Timing(made.started(), Instant.now(), new LinkedHashMap<>(made.phases())));
  }

  /// How a phase went, with `validation` as what it was scored by; a loss is no metric.
  static LearningCurve curve(
      String name, Kind kind, TrainedPhase phase, Optional<Metric> validation) {
    return new LearningCurve(
        name,
        kind,
        phase.losses().stream()
            .map(point -> new LearningCurve.Point((int) point.step(), point.loss()))
            .toList(),
        validation.map(metric ->
            new LearningCurve.Validation(
                metric,
                phase.scores().stream()
                    .map(score -> new LearningCurve.Point((int) score.step(), score.score()))
                    .toList())));
  }

  private boolean isStatic() {
    return recipe.student().tableIfStatic().isPresent();
  }

  private String openedInJava() {
    OnnxPrecision deployed =
        recipe.deploys(ExportFormat.ONNX_INT8) ? OnnxPrecision.INT8 : OnnxPrecision.FP32;
    String kind = recipe.task() == Task.EMBEDDING ? "Embedder" : "Classifier";
    if (isStatic()) {
      return "%s.open(Path.of(\"%s\"))".formatted(kind, folder.staticStudent());
    }
    return "%s.open(Path.of(\"%s\"), Classifier.Options.defaults().withModelFile(\"%s\"))"
        .formatted(kind, folder.onnx(), deployed.fileName());
  }

  private Delivery delivery() throws IOException {
    List<Delivery.Artefact> files = new ArrayList<>();
    List<Path> roots =
        isStatic() ? List.of(folder.staticStudent()) : List.of(folder.onnx(), folder.student());
    for (Path root : roots) {
      for (Path file : Folders.files(root)) {
        files.add(
            new Delivery.Artefact(folder.relative(file), Files.size(file), Sha256.ofFile(file)));
      }
    }
    return new Delivery(files, nextSteps(folder.root().toString()));
  }

  private List<Delivery.NextStep> nextSteps(String root) {
    return switch (recipe.task()) {
      case CLASSIFICATION, EMBEDDING -> {
        List<Delivery.NextStep> steps = new ArrayList<>();
        steps.add(new Delivery.NextStep("Ask the student from Java", openedInJava()));
        steps.add(
            new Delivery.NextStep(
                "Measure it on other data", "retort evaluate %s --data FILE".formatted(root)));
        if (!isStatic()) {
          steps.add(
              new Delivery.NextStep(
                  "Export it again", "retort export %s --to onnx --quantize int8".formatted(root)));
        }
        yield steps;
      }
      case GENERATION ->
          List.of(
              new Delivery.NextStep(
                  "Use it in Python",
                  "AutoModelForCausalLM.from_pretrained(\"%s\")".formatted(folder.student())));
      case MASKED_LM ->
          List.of(
              new Delivery.NextStep(
                  "Fine-tune it for a task: make it the teacher of a recipe",
                  "teacher: {model: %s, fineTune: {}}".formatted(folder.student())));
    };
  }
}
