package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatModel;
import dev.retort.api.RetryableApiException;
import dev.retort.api.ScriptedModel;
import dev.retort.api.client.ApiBatches;
import dev.retort.batch.FakeBatches;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.hub.Progress;
import dev.retort.ledger.BudgetSpentException;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Estimate;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.HtmlReport;
import dev.retort.report.Round;
import dev.retort.report.RunReport;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole run whose teacher is behind an API: of 360 training texts only every tenth has a label.
class RemoteTeacherRunTest {

  private static final int ALL = 360;
  private static final int UNLABELLED = 324;
  private static final int LABELLED = 31;
  private static final int VALIDATION = 5; // a share of the texts that have labels
  private static final int TEST = 90;

  @TempDir private Path root;
  private final List<String> notes = new ArrayList<>();
  private TinyRun tiny;

  /// A model of which each answer costs 100 tokens in and 2 out; it declines by saying nothing.
  private static ScriptedModel scripted(Function<String, String> answer) {
    return scripted("test:scripted", answer);
  }

  private static ScriptedModel scripted(String identity, Function<String, String> answer) {
    return new ScriptedModel(
        identity,
        request -> {
          String said = answer.apply(ScriptedModel.question(request));
          Finish finish = said.isEmpty() ? Finish.REFUSED : Finish.STOP;
          return new ChatAnswer(said, finish, new Usage(100, 0, 2), "scripted-1", "id", List.of());
        });
  }

  @BeforeEach
  void writeData() throws IOException {
    tiny = TinyRun.in(root);
    tiny.hideLabels();
    Files.writeString(
        tiny.recipeFile(),
        """
        name: remote
        teacher: {model: 'openai:http://localhost:1/v1#scripted', maxLength: 24,
                  price: {input: 10, output: 20}}
        student: {from: '%s', layers: [1]}
        data: {train: train.csv, test: test.csv, validation: 15%%}
        objective: [{use: forward-kl}]
        train: {epochs: 12, batchTokens: 400, learningRate: 5e-3, precision: fp32}
        """
            .formatted(root.resolve("model")));
  }

  @Test
  void aStudentLearnsWhatTheApiSays() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    RunReport report = distill(api, tiny.recipe());

    assertThat(api.asked()).hasSize(UNLABELLED + VALIDATION + TEST);
    assertThat(measured(report, Kind.TEACHER)).isEqualTo(1);
    assertThat(measured(report, Kind.STUDENT)).isGreaterThan(0.95);
    assertThat(measured(report, Kind.STUDENT)).isGreaterThan(measured(report, Kind.BASELINE));
  }

  @Test
  void theReportSaysWhatTheTeacherCostsAndTheStudentSaves() throws IOException {
    RunReport report =
        distill(
            scripted(TinyRun::signal),
            tiny.recipe("teacher.ask.votes=2", "cost={machinePerHour: 0.1}"));

    double perText = 2 * (100 * 10 + 2 * 20) / 1e6;
    double teacher = measured(report, Kind.TEACHER, Metric.COST_PER_1000);
    assertThat(teacher).isCloseTo(1000 * perText, within(1e-9));
    assertThat(measured(report, Kind.STUDENT, Metric.SAVING_PER_1000))
        .isCloseTo(teacher - measured(report, Kind.STUDENT, Metric.COST_PER_1000), within(1e-9));
    assertThat(measured(report, Kind.STUDENT, Metric.BREAK_EVEN_REQUESTS))
        .isGreaterThan(UNLABELLED + VALIDATION + TEST);
  }

  @Test
  void nothingIsAskedTwice() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    int answers = new Distillation(context(api, Optional.empty())).label(tiny.recipe(), root);
    assertThat(answers).isEqualTo(UNLABELLED + LABELLED + VALIDATION + TEST);
    int asked = api.asked().size();
    new Distillation(context(api, Optional.empty())).label(tiny.recipe(), root);
    assertThat(api.asked()).hasSize(asked);
  }

  @Test
  void everyVoteIsAskedFor() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    Recipe recipe = tiny.recipe("teacher.ask.votes=3", "teacher.ask.examples=4");
    new Distillation(context(api, Optional.empty())).label(recipe, root);
    assertThat(api.asked().size()).isEqualTo(3 * (UNLABELLED + VALIDATION + TEST));
    assertThat(api.asked()).allMatch(request -> request.turns().size() == 2 + 2 * 4);
  }

  @Test
  void labelledTextsAreAskedAboutIfWanted() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    new Distillation(context(api, Optional.empty()))
        .label(tiny.recipe("teacher.ask.labelled=true"), root);
    assertThat(api.asked()).hasSize(UNLABELLED + LABELLED + VALIDATION + TEST);
  }

  /// It declines whatever is good: a third of the texts.
  @Test
  void textsWithoutAnAnswerAreLeftOutAndCountAgainstTheTeacher() throws IOException {
    ScriptedModel api =
        scripted(text -> TinyRun.signal(text).equals("good") ? "" : TinyRun.signal(text));
    RunReport report = distill(api, tiny.recipe("baseline=false"));
    assertThat(measured(report, Kind.TEACHER)).isBetween(0.5, 0.8);
    assertThat(notes)
        .anySatisfy(note -> assertThat(note).contains("teacher has no usable answer about"));
  }

  @Test
  void aTeacherThatHardlyAnswersIsRefused() {
    ScriptedModel api = scripted(_ -> "no idea");
    assertThatThrownBy(
            () -> new Distillation(context(api, Optional.empty())).label(tiny.recipe(), root))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("teacher: 419 of 419 texts have no usable answer")
        .hasMessageContaining("names no label: 'no idea'");
  }

  @Test
  void whatFailsForNowIsAskedAgainAndNothingElse() throws IOException {
    ScriptedModel failing =
        scripted(text -> {
          if (TinyRun.signal(text).equals("bad")) {
            throw new RetryableApiException("the server is busy", Optional.empty());
          }
          return TinyRun.signal(text);
        });
    assertThatThrownBy(
            () -> new Distillation(context(failing, Optional.empty())).label(tiny.recipe(), root))
        .isInstanceOf(RetryableApiException.class)
        .hasMessageContaining("requests have no answer yet")
        .hasMessageContaining("the server is busy");
    ScriptedModel healthy = scripted(TinyRun::signal);
    new Distillation(context(healthy, Optional.empty())).label(tiny.recipe(), root);
    assertThat(healthy.asked())
        .isNotEmpty()
        .allMatch(request -> TinyRun.signal(request.turns().getLast().text()).equals("bad"));
  }

  /// Each answer costs 100 · 10 + 2 · 20 = 1,040 millionths of a dollar.
  @Test
  void theBudgetHoldsOverRuns() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    Optional<Dollars> budget = Optional.of(Dollars.of(new BigDecimal("0.20")));
    for (int run = 0; run < 2; run++) {
      assertThatThrownBy(() -> new Distillation(context(api, budget)).label(tiny.recipe(), root))
          .isInstanceOf(BudgetSpentException.class);
      assertThat(api.asked().size() * 0.00104).isBetween(0.1, 0.2);
    }
    new Distillation(context(api, Optional.empty())).label(tiny.recipe(), root);
    assertThat(api.asked()).hasSize(UNLABELLED + VALIDATION + TEST);
  }

  @Test
  void theCostIsEstimatedBeforehand() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    Distillation distillation = new Distillation(context(api, Optional.empty()));
    Estimate estimate = distillation.estimate(tiny.recipe(), root).values().iterator().next();
    assertThat(estimate.asked()).isEqualTo(UNLABELLED + VALIDATION + TEST);
    assertThat(estimate.most().amount()).isGreaterThan(estimate.expected().amount());
    assertThat(api.asked()).isEmpty();
  }

  @Test
  void labelsOfAllTrainingTextsGoIntoAFile() throws IOException {
    ScriptedModel api =
        scripted(text -> text.startsWith("very") ? "I cannot say." : TinyRun.signal(text));
    Path file = root.resolve("labels.jsonl");
    LabelsFile.Outcome outcome =
        new LabelsFile(context(api, Optional.empty())).write(tiny.recipe(), root, file);
    assertThat(outcome.labelled() + outcome.leftOut()).isEqualTo(ALL);
    assertThat(Files.readAllLines(file)).hasSize(outcome.labelled());
    assertThat(Files.readAllLines(outcome.apart()))
        .hasSize(outcome.leftOut())
        .allSatisfy(line -> assertThat(line).contains("names no label: 'I cannot say.'"));
    List<JsonNode> lines =
        Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
    assertThat(lines)
        .allMatch(line ->
            TinyRun.signal(line.get("text").asString()).equals(line.get("label").asString()));
    assertThat(lines).filteredOn(line -> line.get("by").asString().equals("data")).hasSize(36);
  }

  @Test
  void batchesAreAskedWhereTheRecipeSaysSo() throws IOException {
    try (FakeBatches batches = new FakeBatches()) {
      batches.saying(TinyRun::signal);
      Recipe recipe =
          tiny.recipe(
              "teacher.model=openai:" + batches.url() + "#scripted",
              "teacher.api={key: BATCH_KEY}",
              "teacher.batch={pollSeconds: 0.01, maxRequests: 150}");
      ScriptedModel none = scripted("openai:" + batches.url() + "#scripted", TinyRun::signal);
      Apis apis =
          new Apis(
              (_, _) -> none,
              (address, settings) ->
                  ApiBatches.open(address, settings, _ -> Optional.of(FakeBatches.KEY)),
              Optional.empty());
      RunContext context = tiny.context(notes, apis);
      new Distillation(context).label(recipe, root);
      assertThat(none.asked()).isEmpty();
      assertThat(batches.count("POST /batches")).isEqualTo(3);
      new Distillation(context).label(recipe, root);
      assertThat(batches.count("POST /batches")).isEqualTo(3);
    }
  }

  @Test
  void theFileOfLabelsCostsNothingAfterARun() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    Recipe recipe = tiny.recipe("teacher.ask.examples=3");
    new Distillation(context(api, Optional.empty())).label(recipe, root);
    int asked = api.asked().size();
    new LabelsFile(context(api, Optional.empty())).write(recipe, root, root.resolve("l.jsonl"));
    assertThat(api.asked()).hasSize(asked);
  }

  @Test
  void textsWithoutAColumnOfLabelsAreLabelledByTheNamesInTheRecipe() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    Path file = root.resolve("labels.jsonl");
    LabelsFile.Outcome outcome =
        new LabelsFile(context(api, Optional.empty()))
            .write(
                tiny.recipe(
                    "data.label=null",
                    "teacher.ask.labels={good: it pleases, bad: it does not, slow: it takes long}"),
                root,
                file);
    assertThat(outcome.labelled()).isEqualTo(ALL);
    assertThat(api.asked()).hasSize(ALL);
  }

  private static final String ROUNDS = "rounds={first: 40, each: 30, most: 3, gain: -1}";

  @Test
  void roundsAskAboutWhatTheStudentKnowsLeast() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    RunReport report = distill(api, tiny.recipe(ROUNDS, "baseline=false"));

    assertThat(api.asked()).hasSize(100 + VALIDATION + TEST);
    List<Round> rounds = report.run().rounds();
    assertThat(rounds).extracting(Round::asked).containsExactly(40, 70, 100);
    assertThat(rounds).extracting(Round::labelled).containsExactly(71, 101, 131);
    assertThat(rounds).extracting(Round::chosenBy).containsExactly("random", "margin", "margin");
    assertThat(rounds.getLast().accuracy()).isGreaterThan(0.9);
    assertThat(HtmlReport.render(report)).contains("Rounds", "texts chosen by");
  }

  @Test
  void roundsThatAreRunAgainChooseTheSameTexts() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    Recipe recipe = tiny.recipe(ROUNDS, "baseline=false");
    double first = measured(distill(api, recipe), Kind.STUDENT);
    int asked = api.asked().size();
    double second = measured(distill(api, recipe), Kind.STUDENT);
    assertThat(api.asked()).hasSize(asked);
    assertThat(second).isEqualTo(first);
  }

  @Test
  void roundsEndWhereTheBudgetDoes() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    Recipe recipe = tiny.recipe(ROUNDS, "baseline=false", "teacher.ask.maxTokens=2");
    int affordable = 40 + VALIDATION + TEST + 40;
    Optional<Dollars> budget =
        Optional.of(Dollars.of(new BigDecimal("0.00104").multiply(new BigDecimal(affordable))));
    RunReport report =
        new Distillation(context(api, budget))
            .distill(recipe, root, RunFolder.create(root.resolve("runs"), recipe));
    assertThat(api.asked()).hasSizeLessThanOrEqualTo(affordable);
    assertThat(report.run().rounds()).extracting(Round::asked).containsExactly(40, 70);
    assertThat(notes)
        .anySatisfy(note -> assertThat(note).contains("the student learns from the rounds before"));
  }

  @Test
  void roundsEndWhenTheyAddNothing() throws IOException {
    ScriptedModel api = scripted(TinyRun::signal);
    RunReport report =
        distill(
            api, tiny.recipe("rounds={first: 60, each: 30, most: 9, gain: 0.5}", "baseline=false"));
    assertThat(report.run().rounds()).extracting(Round::asked).containsExactly(60, 90);
    assertThat(notes).anySatisfy(note -> assertThat(note).contains("no further one"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "student.from=teacher|student.from: 'teacher' means weights",
        "objective=[{use: hidden-mse}]|compares layers, which an API does not say",
        "objective=[{use: logit-mse}]|compares logits, which an API does not say",
        "objective=[{use: cross-entropy}]|no loss hears the teacher",
        "train.mixup={}|cannot read mixtures of texts"
      })
  void whatAnApiCannotGiveIsRefusedEarly(String override, String problem) {
    assertThatThrownBy(() ->
            context(scripted(TinyRun::signal), Optional.empty())
                .models()
                .plan(tiny.recipe(override), Progress.none()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(problem);
  }

  private RunReport distill(ChatModel api, Recipe recipe) throws IOException {
    return new Distillation(context(api, Optional.empty()))
        .distill(recipe, root, RunFolder.create(root.resolve("runs"), recipe));
  }

  private RunContext context(ChatModel api, Optional<Dollars> budget) {
    return tiny.context(notes, new Apis((_, _) -> api, budget));
  }

  private static double measured(RunReport report, Kind kind) {
    return measured(report, kind, Metric.ACCURACY);
  }

  private static double measured(RunReport report, Kind kind, Metric metric) {
    return report.results().measurement(kind, metric).orElseThrow().value();
  }
}
