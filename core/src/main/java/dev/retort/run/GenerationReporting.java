package dev.retort.run;

import dev.retort.data.SequenceDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Metric;
import dev.retort.eval.TextScores;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.report.Generation;
import dev.retort.report.Generation.Choice;
import dev.retort.report.Results;
import dev.retort.run.Completing.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Measures the language models of a run by how far they are from their teacher, and by what they
/// write: how well and how fast.
///
/// @param models teacher, student and, if there is one, baseline
/// @param writers how the first two write; further models continue the student's prompts
/// @param test the test data, if teacher and student read them in the same tokens
/// @param bootstrap how intervals are drawn
record GenerationReporting(
    List<CausalLanguageModel> models,
    List<Writer> writers,
    Optional<SequenceDataset> test,
    Bootstrap bootstrap) {

  /// How a model is measured by what it writes.
  ///
  /// @param folder where it lies: its speed is measured there
  /// @param completing the prompts that it continues, in its tokens
  record Writer(Path folder, Completing completing) {}

  /// Prompts that are shown because they come first.
  private static final int FIRST = 4;

  /// Prompts that are shown because the student does worst on them.
  private static final int WORST = 4;

  /// What all models wrote, and how well it matches the data.
  private record Answers(List<List<Written>> texts, List<TextScores> scores) {}

  GenerationReporting {
    models = List.copyOf(models);
    writers = List.copyOf(writers);
  }

  /// `results`, of which each evaluation is that of the model in its place, with these
  /// measurements.
  Results added(Results results, RunListener listener) throws IOException {
    Results compared = results;
    if (test.isPresent()) {
      listener.phaseStarted("comparing with the teacher", 0, "");
      compared = divergence(results, test.get());
    }
    Completing completing = student();
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

  /// The prompts as the student reads them.
  private Completing student() {
    return writers.getLast().completing();
  }

  private Completing completing(int model) {
    return model == 0 ? writers.getFirst().completing() : student();
  }

  private Results divergence(Results results, SequenceDataset test) {
    List<double[]> divergences =
        TeacherDivergence.from(models.getFirst()).of(models.subList(1, models.size()), test);
    List<Evaluation> evaluations = new ArrayList<>(results.evaluations());
    List<Comparison> comparisons = new ArrayList<>(results.comparisons());
    for (int i = 0; i < divergences.size(); i++) {
      Evaluation model = evaluations.get(i + 1);
      evaluations.set(i + 1, model.with(Metric.TEACHER_KL, bootstrap.mean(divergences.get(i))));
      if (i > 0) {
        comparisons.add(
            new Comparison(
                evaluations.get(1).name(),
                model.name(),
                Metric.TEACHER_KL,
                bootstrap.meanDifference(divergences.getFirst(), divergences.get(i))));
      }
    }
    return new Results(evaluations, comparisons, results.disagreements());
  }

  private Results written(Results results) {
    List<List<Written>> texts = new ArrayList<>();
    List<TextScores> ofTexts = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      texts.add(completing(i).written(models.get(i)));
      ofTexts.add(completing(i).scores(texts.getLast()));
    }
    Answers answers = new Answers(texts, ofTexts);
    List<Evaluation> evaluations = new ArrayList<>(results.evaluations());
    List<Comparison> comparisons = new ArrayList<>(results.comparisons());
    TextScores student = answers.scores().get(1);
    for (int i = 0; i < models.size(); i++) {
      Evaluation model = evaluations.get(i);
      TextScores scores = answers.scores().get(i);
      evaluations.set(i, model.with(scores.measurements(bootstrap)));
      if (i > 1) {
        student
            .minus(scores, bootstrap)
            .forEach((metric, difference) ->
                comparisons.add(
                    new Comparison(evaluations.get(1).name(), model.name(), metric, difference)));
      }
    }
    return new Results(
        evaluations, comparisons, results.disagreements(), generations(evaluations, answers));
  }

  private Results timed(Results results) throws IOException {
    List<Evaluation> evaluations = new ArrayList<>(results.evaluations());
    for (int i = 0; i < writers.size(); i++) {
      Writer writer = writers.get(i);
      evaluations.set(
          i,
          evaluations
              .get(i)
              .with(writer.completing().speed(writer.folder()).measurements(bootstrap)));
    }
    return new Results(
        evaluations, results.comparisons(), results.disagreements(), results.generations());
  }

  private List<Generation> generations(List<Evaluation> evaluations, Answers answers) {
    List<String> prompts = student().promptTexts();
    List<String> references = student().references();
    return shown(answers.scores().get(1)).entrySet().stream()
        .map(shown -> {
          int row = shown.getKey();
          return new Generation(
              shown.getValue(),
              prompts.get(row),
              references.get(row),
              IntStream.range(0, evaluations.size())
                  .mapToObj(model -> text(evaluations.get(model), answers, model, row))
                  .toList());
        })
        .toList();
  }

  private static Generation.Text text(Evaluation model, Answers answers, int index, int row) {
    Written written = answers.texts().get(index).get(row);
    TextScores scores = answers.scores().get(index);
    return new Generation.Text(
        model.name(),
        model.kind(),
        written.text(),
        scores.rougeL().get(row),
        scores.exact().map(exact -> exact.get(row)),
        written.ended());
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
