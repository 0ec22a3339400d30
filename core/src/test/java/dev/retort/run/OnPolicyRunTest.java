package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.hub.Progress;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.RunReport;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs whose students learn from what they write themselves.
class OnPolicyRunTest {

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reverse-kl", "{use: jensen-shannon, beta: 0.5}"})
  void aRunGoesFromRecipeToReport(String divergence) throws IOException {
    Recipe recipe =
        tiny.recipe(
            "objective=[%s, cross-entropy]".formatted(divergence),
            "train.epochs=3",
            "train.onPolicy={share: 0.5, maxTokens: 8, warmUp: 0.3}",
            "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    List<JsonNode> steps = steps(folder);
    List<JsonNode> own = steps.stream().filter(step -> step.has("rollout")).toList();
    int warm = (int) Math.ceil(0.3 * steps.size());
    assertThat(own).hasSizeBetween(steps.size() / 5, steps.size() - warm);
    assertThat(own.getFirst().path("step").asInt()).isGreaterThan(warm);
    for (JsonNode step : own) {
      assertThat(step.path("terms").path("cross-entropy").asDouble()).isZero();
      assertThat(step.path("rollout").path("texts").asInt()).isPositive();
      assertThat(step.path("rollout").path("meanTokens").asDouble()).isBetween(1.0, 8.0);
      assertThat(step.path("rollout").path("tokensPerSecond").asDouble()).isPositive();
    }
    assertThat(steps.getFirst().path("terms").path("cross-entropy").asDouble()).isPositive();
    int texts = own.stream().mapToInt(step -> step.path("rollout").path("texts").asInt()).sum();
    assertThat(lines(folder.generations())).hasSize(texts);
    assertThat(report.run().data().warnings())
        .anySatisfy(
            note -> assertThat(note).contains("student: wrote %d texts itself".formatted(texts)));
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.PERPLEXITY))
        .isLessThan(TinyLanguageRun.value(report, Kind.TEACHER, Metric.PERPLEXITY));
  }

  @Test
  void anInterruptedRunIsTakenUpToTheBitWithItsReplayedTexts() throws IOException {
    Recipe recipe =
        tiny.recipe(
            "objective=[reverse-kl]",
            "train.epochs=2",
            "train.accumulate=2",
            "train.batchTokens=200",
            "train.checkpointEvery=3",
            "train.onPolicy={share: 0.8, maxTokens: 6, replay: {share: 0.5, capacity: 64}}",
            "baseline=false");
    RunFolder whole = RunFolder.create(root.resolve("whole"), recipe);
    tiny.distill(recipe, whole, new RunListener() {});
    RunFolder parts = RunFolder.create(root.resolve("parts"), recipe);
    // The checkpoint of step 3 is behind what was written by then; that of step 8 is not.
    assertThatThrownBy(() -> endAfter(5, OnPolicyRunTest::crash, new StopSwitch(), recipe, parts))
        .isInstanceOf(IllegalStateException.class);
    StopSwitch stop = new StopSwitch();
    assertThatThrownBy(
            () -> endAfter(8, () -> stop.stop(TrainResult.End.INTERRUPTED), stop, recipe, parts))
        .isInstanceOf(RunInterruptedException.class);

    tiny.distill(recipe, parts, new RunListener() {});

    assertThat(parts.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(whole.student().resolve("model.safetensors"));
    assertThat(parts.generations()).hasSameBinaryContentAs(whole.generations());
    assertThat(steps(whole).stream().mapToInt(step -> replayed(step))).anyMatch(n -> n > 0);
    assertThat(steps(parts))
        .extracting(step -> replayed(step))
        .isEqualTo(steps(whole).stream().map(step -> replayed(step)).toList());
  }

  private static int replayed(JsonNode step) {
    return step.path("rollout").path("replayed").asInt();
  }

  /// Does `end` to a run after step `last`.
  private void endAfter(long last, Runnable end, StopSwitch stop, Recipe recipe, RunFolder folder)
      throws IOException {
    RunListener ending =
        new RunListener() {
          @Override
          public void stepEnded(StepReport step) {
            if (step.step() == last) {
              end.run();
            }
          }
        };
    new Distillation(tiny.context(ending, stop)).distill(recipe, root, folder);
  }

  private static void crash() {
    throw new IllegalStateException("killed");
  }

  @Test
  void aShareOfNothingChangesNothing() throws IOException {
    Recipe plain = tiny.recipe("train.epochs=1", "baseline=false");
    Recipe none =
        tiny.recipe("train.epochs=1", "baseline=false", "train.onPolicy={share: 0, maxTokens: 8}");
    RunFolder off = RunFolder.create(root.resolve("off"), plain);
    RunFolder on = RunFolder.create(root.resolve("on"), none);

    tiny.distill(plain, off, new RunListener() {});
    tiny.distill(none, on, new RunListener() {});

    assertThat(on.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(off.student().resolve("model.safetensors"));
    assertThat(on.generations()).doesNotExist();
  }

  /// Learning from the data can also be a stage of its own.
  @Test
  void aStageIsOnPolicyByItself() throws IOException {
    Recipe recipe =
        tiny.recipe(
            "objective=[]",
            "baseline=false",
            "train.epochs=1",
            "stages=[{name: data, objective: [cross-entropy]}, {name: own, objective: [reverse-kl],"
                + " train: {onPolicy: {share: 1, maxTokens: 6}}}]");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    assertThat(lines(folder.generations()))
        .isNotEmpty()
        .allMatch(line -> line.path("phase").asString().equals("student-2-own"));
    assertThat(report.run().data().warnings())
        .anyMatch(note -> note.contains("student-2-own: wrote"));
  }

  /// What adapters have learnt is part of what is written.
  @Test
  void adaptersLearnFromWhatTheyLetTheirModelWrite() throws IOException {
    Recipe recipe =
        tiny.recipe(
            "student={from: teacher, lora: {rank: 4}}",
            "objective=[reverse-kl, {use: cross-entropy, weight: 3}]",
            "baseline=false",
            "train.epochs=2",
            "train.onPolicy={share: 0.5, maxTokens: 6}");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    tiny.distill(recipe, folder, new RunListener() {});

    List<Double> divergences =
        steps(folder).stream()
            .filter(step -> step.has("rollout"))
            .map(step -> step.path("terms").path("reverse-kl").asDouble())
            .toList();
    // Adapters begin as nothing: the student is its teacher, until the data tell it otherwise.
    assertThat(divergences.getFirst()).isLessThan(0.01);
    assertThat(divergences.getLast()).isGreaterThan(0.02);
  }

  /// Texts without prompts: their beginnings are continued.
  @Test
  void theBeginningsOfPlainTextsAreContinued() throws IOException {
    StringBuilder texts = new StringBuilder();
    for (int i = 0; i < 80; i++) {
      texts.append(
          "the movie was %s this %s\n"
              .formatted(TinyLanguageRun.WORDS.get(i % 10), TinyLanguageRun.WORDS.get(i / 10)));
    }
    Files.writeString(root.resolve("texts.txt"), texts);
    Recipe recipe =
        tiny.recipe(
            "data={train: texts.txt, validation: 20%, test: 20%, leakage: warn}",
            "objective=[reverse-kl]",
            "baseline=false",
            "train.epochs=1",
            "train.onPolicy={share: 1, maxTokens: 4, promptTokens: 2}");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    tiny.distill(recipe, folder, new RunListener() {});

    assertThat(lines(folder.generations()))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.path("prompt").asString()).endsWith("the"));
  }

  @Test
  void whatDoesNotFitIsNamedAtOnce() {
    assertProblems(
        new String[] {
          "objective=[reverse-kl, cross-entropy]", "train.onPolicy={share: 1, maxTokens: 30}"
        },
        "train.onPolicy.maxTokens: a prompt of up to 24 tokens (teacher.maxLength) and 30",
        "positions for 48",
        "objective[1]: cross-entropy learns from labels, but all steps");
    assertProblems(
        new String[] {
          "teacher.signals=top-k",
          "objective=[{use: reverse-kl}, {use: direct-preference}]",
          "train.onPolicy={maxTokens: 8}"
        },
        "train.onPolicy: what the student will write is not known before",
        "objective[1]: direct-preference compares two answers");
    assertProblems(
        new String[] {
          "objective=[cross-entropy]", "train.onPolicy={maxTokens: 8, promptTokens: 3}"
        },
        "objective: every loss is on labels, and what the student writes has none",
        "train.onPolicy.promptTokens: the data have prompts of their own");
    assertProblems(
        new String[] {
          "data={train: train.csv, test: test.csv, validation: 15%, text: prompt}",
          "train.onPolicy={maxTokens: 8}"
        },
        "train.onPolicy: the data are texts without prompts");
    assertThatThrownBy(
            () -> tiny.recipe("train.onPolicy={share: 2, temperature: 0, replay: {share: 1}}"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("train.onPolicy")
        .hasMessageContaining("must be < 1 but is 1: nothing would ever be written");
  }

  private void assertProblems(String[] overrides, String... expected) {
    Recipe recipe = tiny.recipe(overrides);
    assertThatThrownBy(() ->
            Checkup.of(
                recipe,
                root,
                tiny.context(new RunListener() {}, new StopSwitch()).models(),
                Progress.none()))
        .isInstanceOf(PlanException.class)
        .hasMessageContainingAll(expected);
  }

  @Test
  void theRecipeRunsOnATinyTeacher() throws IOException {
    Recipe recipe =
        Recipes.read(
            Path.of("../recipes/on-policy.yaml"),
            List.of(
                "teacher={model: '%s', maxLength: 24}".formatted(root.resolve("model")),
                "student.layers=[0, 2]",
                "data={train: train.csv, test: test.csv, validation: 15%, text: prompt, pair: completion}",
                "train.batchTokens=400",
                "train.onPolicy.maxTokens=8"));

    RunReport report =
        tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(report.verdicts()).isNotEmpty();
    assertThat(report.verdicts()).allSatisfy(v -> assertThat(v.measurement()).isPresent());
    assertThat(report.run().data().warnings())
        .anyMatch(note -> note.contains("texts itself") && !note.contains("learnt again from 0"));
  }

  private static List<JsonNode> steps(RunFolder folder) throws IOException {
    return lines(folder.root().resolve("metrics.jsonl")).stream()
        .filter(line -> line.has("loss"))
        .toList();
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }
}
