package dev.retort.run;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.TextScores;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.report.Generation;
import dev.retort.report.Generation.Choice;
import dev.retort.report.Results;
import dev.retort.run.Completing.Written;
import dev.retort.teacher.Teacher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Measures the language models of a run by how far they are from their teacher, and by what they
/// write: how well and how fast.
///
/// @param writers teachers, student and, if there is one, baseline
/// @param teacher whom the others are compared with
/// @param test the test data, if teacher and student read them in the same tokens
/// @param bootstrap how intervals are drawn
record GenerationReporting(
    List<Writer> writers,
    Teacher<SequenceBatch> teacher,
    Optional<SequenceDataset> test,
    Bootstrap bootstrap) {

  /// Prompts that are shown because they come first.
  private static final int FIRST = 4;

  /// Prompts that are shown because the student does worst on them.
  private static final int WORST = 4;

  /// A model that is measured by what it writes.
  ///
  /// @param name and `kind` as in the results
  /// @param completing the prompts that it continues, in its tokens
  /// @param folder where it lies, if its speed is to be measured
  record Writer(
      String name,
      Kind kind,
      CausalLanguageModel model,
      Completing completing,
      Optional<Path> folder) {}

  /// What a model wrote, and how well it matches the data.
  private record Answers(Writer writer, List<Written> texts, TextScores scores) {

    static Answers of(Writer writer) {
      List<Written> texts = writer.completing().written(writer.model());
      return new Answers(writer, texts, writer.completing().scores(texts));
    }

    Generation.Text text(int row) {
      return new Generation.Text(
          writer.name(),
          writer.kind(),
          texts.get(row).text(),
          scores.rougeL().get(row),
          scores.exact().map(exact -> exact.get(row)),
          texts.get(row).ended());
    }
  }

  GenerationReporting {
    writers = List.copyOf(writers);
  }

  /// `results` of these models, with these measurements.
  Results added(Results results, RunListener listener) throws IOException {
    Results compared = results;
    if (test.isPresent()) {
      listener.phaseStarted("comparing with the teacher", 0, "");
      compared = divergence(results, test.get());
    }
    Completing completing = student().completing();
    if (completing.settings().prompts() == 0) {
      return compared;
    }
    if (completing.prompts().isEmpty()) {
      listener.noted(
          "no prompt of the test data leaves room for a completion: nothing is written, and neither"
              + " ROUGE-L nor speed is measured");
      return compared;
    }
    listener.phaseStarted("continuing prompts", 0, "");
    Results written = written(compared);
    listener.phaseStarted("measuring speed", 0, "");
    return timed(written);
  }

  /// Student and baseline.
  private List<Writer> learners() {
    return writers.stream().filter(writer -> writer.kind() != Kind.TEACHER).toList();
  }

  private Writer student() {
    return learners().getFirst();
  }

  private Results divergence(Results results, SequenceDataset test) {
    List<Writer> learners = learners();
    List<CausalLanguageModel> models = learners.stream().map(Writer::model).toList();
    long chunkRows = TeacherDivergence.chunkRows(student().model(), writers.size());
    List<double[]> divergences = new TeacherDivergence(teacher, chunkRows).of(models, test);
    Results compared = results;
    for (int i = 0; i < learners.size(); i++) {
      String name = learners.get(i).name();
      Measured mean = bootstrap.mean(divergences.get(i));
      compared = compared.with(name, Map.of(Metric.TEACHER_KL, mean));
      if (i > 0) {
        Measured difference = bootstrap.meanDifference(divergences.getFirst(), divergences.get(i));
        compared =
            compared.comparing(
                List.of(new Comparison(student().name(), name, Metric.TEACHER_KL, difference)));
      }
    }
    return compared;
  }

  private Results written(Results results) {
    List<Answers> all = writers.stream().map(Answers::of).toList();
    TextScores student =
        all.stream()
            .filter(answers -> answers.writer().equals(student()))
            .findFirst()
            .orElseThrow()
            .scores();
    Results written = results;
    for (Answers answers : all) {
      String name = answers.writer().name();
      written = written.with(name, answers.scores().measurements(bootstrap));
      if (learners().indexOf(answers.writer()) > 0) {
        List<Comparison> differences = new ArrayList<>();
        student
            .minus(answers.scores(), bootstrap)
            .forEach((metric, difference) ->
                differences.add(new Comparison(student().name(), name, metric, difference)));
        written = written.comparing(differences);
      }
    }
    return written.showing(generations(all, student));
  }

  private Results timed(Results results) throws IOException {
    Results timed = results;
    for (Writer writer : writers) {
      if (writer.folder().isPresent()) {
        timed =
            timed.with(
                writer.name(),
                writer.completing().speed(writer.folder().get()).measurements(bootstrap));
      }
    }
    return timed;
  }

  private List<Generation> generations(List<Answers> all, TextScores student) {
    List<String> prompts = student().completing().promptTexts();
    List<String> references = student().completing().references();
    return shown(student).entrySet().stream()
        .map(shown -> {
          int row = shown.getKey();
          return new Generation(
              shown.getValue(),
              prompts.get(row),
              references.get(row),
              all.stream().map(answers -> answers.text(row)).toList());
        })
        .toList();
  }

  /// The prompts that are shown: the first, and of the others those of the student's lowest
  /// ROUGE-L, lowest first.
  private static SequencedMap<Integer, Choice> shown(TextScores student) {
    SequencedMap<Integer, Choice> shown = new LinkedHashMap<>();
    int rows = student.rougeL().size();
    IntStream.range(0, Math.min(FIRST, rows)).forEach(row -> shown.put(row, Choice.FIRST));
    IntStream.range(FIRST, Math.max(FIRST, rows))
        .boxed()
        .sorted(Comparator.comparing(student.rougeL()::get))
        .limit(WORST)
        .forEach(row -> shown.put(row, Choice.WORST));
    return shown;
  }
}
