package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.export.LanguageModelExporter;
import dev.retort.hub.Progress;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.Generation;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Language models of one tokenizer that teach together.
class SeveralLanguageTeachersTest {

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelsAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  /// The first teacher's model with other weights.
  private Path other() throws IOException {
    PretrainedDecoder model = PretrainedDecoder.read(root.resolve("model"));
    Path folder = root.resolve("other");
    try (CausalLanguageModel random =
        new CausalLanguageModel(model.config(), DecoderWeights.random(model.config(), 0.15, 9))) {
      new LanguageModelExporter(random, model).write(folder);
    }
    return folder;
  }

  private Path twin() throws IOException {
    PretrainedDecoder model = PretrainedDecoder.read(root.resolve("model"));
    Path folder = root.resolve("twin");
    try (CausalLanguageModel weights = model.weights()) {
      new LanguageModelExporter(weights, model).write(folder);
    }
    return folder;
  }

  private Recipe together(Path second, String... overrides) {
    List<String> all = new ArrayList<>();
    all.add("teacher=null");
    all.add(
        "teachers=[{name: one, model: '%s', maxLength: 24}, {name: two, model: '%s', maxLength: 24}]"
            .formatted(root.resolve("model"), second));
    all.addAll(List.of("require={accuracy: '>= 0'}", "baseline=false"));
    all.addAll(List.of(overrides));
    return tiny.recipe(all.toArray(String[]::new));
  }

  private RunReport run(Recipe recipe) throws IOException {
    return tiny.distill(
        recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixture", "logit-average", "{use: mixture, weighting: quality}"})
  void twiceTheSameTeacherTeachesAsOne(String combine) throws IOException {
    String[] few = {"train.epochs=1", "objective=[{use: forward-kl, temperature: 2}]"};
    RunReport one = run(tiny.recipe("baseline=false", "require={}", few[0], few[1]));
    RunReport two = run(together(twin(), "combine=" + combine, few[0], few[1]));

    for (Metric metric : List.of(Metric.PERPLEXITY, Metric.TEACHER_KL, Metric.AGREEMENT)) {
      double expected = TinyLanguageRun.value(one, Kind.STUDENT, metric);
      assertThat(TinyLanguageRun.value(two, Kind.STUDENT, metric))
          .isCloseTo(expected, within(2e-3 * expected));
    }
    assertThat(TinyLanguageRun.value(two, Kind.TEACHER, Metric.PERPLEXITY))
        .isCloseTo(TinyLanguageRun.value(one, Kind.TEACHER, Metric.PERPLEXITY), within(1e-3));
  }

  @Test
  void aReportHasAllTogetherAndEach() throws IOException {
    Recipe recipe =
        together(
            other(),
            "combine={use: mixture, weighting: {use: confidence, by: label}}",
            "objective=[{use: reverse-kl}, {use: hidden-mse, weight: 0.01}, cross-entropy]",
            "evaluate={prompts: 4, maxTokens: 6, batch: 4}",
            "baseline=true",
            "train.epochs=5");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    List<Evaluation> evaluations = report.results().evaluations();
    assertThat(evaluations)
        .extracting(Evaluation::name)
        .containsExactly("ensemble", "one", "two", "student", "baseline");
    assertThat(evaluations.getFirst().measurement(Metric.PARAMETERS).orElseThrow().value())
        .isEqualTo(2 * evaluations.get(1).measurement(Metric.PARAMETERS).orElseThrow().value());
    assertThat(evaluations.getFirst().measurement(Metric.ROUGE_L)).isEmpty();
    assertThat(evaluations.get(2).measurement(Metric.ROUGE_L)).isPresent();
    assertThat(evaluations.get(2).measurement(Metric.TOKENS_PER_SECOND)).isPresent();
    assertThat(evaluations.get(1).measurement(Metric.AGREEMENT)).isPresent();
    assertThat(evaluations.get(3).measurement(Metric.TEACHER_KL)).isPresent();
    assertThat(report.results().comparisons())
        .allMatch(difference -> difference.first().equals("student"))
        .extracting(Comparison::second)
        .containsOnly("baseline");
    assertThat(report.results().generations())
        .allSatisfy(generation ->
            assertThat(generation.texts())
                .extracting(Generation.Text::model)
                .containsExactly("one", "two", "student", "baseline"));
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(Files.readString(folder.provenance())).contains("\"one\"", "\"two\"");
  }

  /// What is kept is what both say together: at k = V the same as asking in every step.
  @Test
  void whatTheySayTogetherCanBeKept() throws IOException {
    Path other = other();
    String teachers =
        """
        teachers=[{name: one, model: '%s', maxLength: 24, signals: {use: top-k, k: 120}},
                  {name: two, model: '%s', maxLength: 24, signals: {use: top-k, k: 120}}]
        """
            .formatted(root.resolve("model"), other);
    RunReport online = run(together(other, "train.epochs=1"));
    RunReport kept = run(together(other, teachers, "train.epochs=1"));

    double expected = TinyLanguageRun.value(online, Kind.STUDENT, Metric.PERPLEXITY);
    assertThat(TinyLanguageRun.value(kept, Kind.STUDENT, Metric.PERPLEXITY) / expected)
        .isBetween(0.99, 1.01);
    assertThat(kept.run().data().warnings()).anyMatch(note -> note.contains("teacher.signals: "));
  }

  /// Each of two teachers knows half of the data, and a column says which.
  @Test
  void aColumnLeadsToTheTeacher() throws IOException {
    Files.writeString(root.resolve("train.csv"), routed("train.csv"));
    Files.writeString(root.resolve("test.csv"), routed("test.csv"));
    Recipe recipe =
        together(
            other(),
            "combine={use: routing, column: half, routes: {a: one, b: two}}",
            "train.epochs=1");

    RunReport report = run(recipe);

    assertThat(report.results().evaluations())
        .extracting(Evaluation::name)
        .containsExactly("routed", "one", "two", "student");
    assertThat(TinyLanguageRun.value(report, Kind.TEACHER, Metric.PERPLEXITY)).isPositive();
  }

  private String routed(String file) throws IOException {
    StringBuilder csv = new StringBuilder("prompt,completion,half\n");
    List<String> lines = Files.readAllLines(root.resolve(file));
    for (int i = 1; i < lines.size(); i++) {
      csv.append(lines.get(i)).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    return csv.toString();
  }

  @Test
  void whatDoesNotGoTogetherIsNamedAtOnce() throws IOException {
    Path other = other();
    String tokenizer = Files.readString(other.resolve("tokenizer.json"));
    Files.writeString(other.resolve("tokenizer.json"), tokenizer.replace("\"good\"", "\"goot\""));
    String teachers =
        """
        teachers=[{name: one, model: '%s', maxLength: 24},
                  {name: two, model: '%s', maxLength: 20, signals: top-k}]
        """
            .formatted(root.resolve("model"), other);

    refuses(
        together(
            other,
            teachers,
            "objective=[logit-mse, {use: forward-kl, temperature: 2}]",
            "combine={use: mixture}"),
        "teachers[1].model: " + other + " does not read the tokens of",
        "1 tokens are missing, such as 'good'",
        "teachers[1].maxLength: is 20, and 24 for one",
        "teachers[1].signals: what teachers say together is kept together",
        "objective[0]: logit-mse compares logits, but a mixture of teachers has none");
    refuses(
        together(
            twin(),
            "combine={use: routing, column: half, routes: {a: one, b: two}}",
            "train.onPolicy={maxTokens: 8}",
            "data={train: train.jsonl, rows: preferences}",
            "objective=[forward-kl]"),
        "teachers: 'preferences' are compared with one model",
        "combine: 'routing' reads a column of the data, which conversations",
        "train.onPolicy: what the student writes names no teacher");
  }

  private void refuses(Recipe recipe, String... problems) throws IOException {
    Models models = tiny.context(new RunListener() {}, new StopSwitch()).models();
    assertThatThrownBy(() -> models.generationPlan(recipe, Progress.none()))
        .isInstanceOf(PlanException.class)
        .message()
        .contains(problems);
  }
}
