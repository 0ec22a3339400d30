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
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipes;
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
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Puts a run's report together from what its phases left.
///
/// @param context what the run needed from outside
/// @param plan what was asked for
/// @param data the run's data
/// @param folder where the run leaves its files
record ReportBuilder(RunContext context, Plan plan, RunData data, RunFolder folder) {

  /// What training made and how long it took.
  ///
  /// @param faculty who taught
  /// @param teacherFingerprint hash of all that the teachers together answer from
  /// @param trained student and baseline
  /// @param phases time by phase
  /// @param started when the run began
  record Made(
      Faculty faculty,
      String teacherFingerprint,
      Distillation.Trained trained,
      SequencedMap<String, Duration> phases,
      Instant started) {}

  RunReport build(Results results, List<Verdict> verdicts, Made made) throws IOException {
    Run run =
        new Run(
            plan.recipe().name(),
            plan.recipe().task().name().toLowerCase(Locale.ROOT),
            summary(),
            provenance(made));
    return new RunReport(run, verdicts, results, curves(made), delivery());
  }

  private DataSummary summary() {
    List<DataSummary.Split> splits =
        Stream.of(data.train(), data.validation(), data.test())
            .map(TokenizedDataset::dataset)
            .map(split -> new DataSummary.Split(split.name(), split.size(), split.hash()))
            .toList();
    return new DataSummary(
        splits,
        Optional.of(balance(data.train().dataset())),
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
        Recipes.write(plan.recipe()),
        made.teacherFingerprint(),
        RunRecord.seeds(plan.recipe()),
        Machine.environment(),
        new Timing(made.started(), Instant.now(), new LinkedHashMap<>(made.phases())));
  }

  private List<LearningCurve> curves(Made made) {
    List<LearningCurve> curves = new ArrayList<>();
    for (TrainedTeacher teacher : made.faculty().teachers()) {
      String name = teacher.name() + " fine-tuning";
      teacher
          .fineTuning()
          .ifPresent(phase -> curves.add(curve(name, Kind.TEACHER, phase, Metric.ACCURACY)));
    }
    curves.add(curve("student", Kind.STUDENT, made.trained().taught(), Metric.RETENTION));
    made.trained()
        .alone()
        .ifPresent(phase -> curves.add(curve("baseline", Kind.BASELINE, phase, Metric.ACCURACY)));
    return curves;
  }

  private static LearningCurve curve(
      String name, Kind kind, TrainedPhase phase, Metric validation) {
    return new LearningCurve(
        name,
        kind,
        phase.losses().stream()
            .map(point -> new LearningCurve.Point((int) point.step(), point.loss()))
            .toList(),
        Optional.of(
            new LearningCurve.Validation(
                validation,
                phase.scores().stream()
                    .map(score -> new LearningCurve.Point((int) score.step(), score.score()))
                    .toList())));
  }

  private String openedInJava() {
    OnnxPrecision deployed =
        plan.recipe().deploy() == ExportFormat.ONNX_INT8 ? OnnxPrecision.INT8 : OnnxPrecision.FP32;
    return "Classifier.open(Path.of(\"%s\"), Classifier.Options.defaults().withModelFile(\"%s\"))"
        .formatted(folder.onnx(), deployed.fileName());
  }

  private Delivery delivery() throws IOException {
    List<Delivery.Artefact> files = new ArrayList<>();
    for (Path root : List.of(folder.onnx(), folder.student())) {
      for (Path file : Folders.files(root)) {
        files.add(
            new Delivery.Artefact(folder.relative(file), Files.size(file), Sha256.ofFile(file)));
      }
    }
    String root = folder.root().toString();
    return new Delivery(
        files,
        List.of(
            new Delivery.NextStep("Ask the student from Java", openedInJava()),
            new Delivery.NextStep(
                "Measure it on other data", "retort evaluate %s --data FILE".formatted(root)),
            new Delivery.NextStep(
                "Export it again", "retort export %s --to onnx --quantize int8".formatted(root))));
  }
}
