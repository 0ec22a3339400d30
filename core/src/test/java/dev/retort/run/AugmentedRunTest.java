package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.data.Example;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.hub.Progress;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.DataSummary;
import dev.retort.report.RunReport;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs on data that are augmented.
class AugmentedRunTest {

  @TempDir Path root;

  private TinyRun tiny;

  @BeforeEach
  void make() throws IOException {
    tiny = TinyRun.in(root);
    tiny.copyModel("words", "bert-masked");
  }

  /// The recipe of the folder `recipes`, whose words are those of another model, killed in the
  /// middle of training.
  @Test
  void theStudentAloneLearnsFromAugmentedTexts() throws IOException {
    Recipe plain = recipe("data={train: train.csv, test: test.csv, validation: 10%}");
    Recipe augmented = recipe();
    Watch without = new Watch();
    distill(plain, without);
    Watch first = new Watch();
    RunReport straight = distill(augmented, first);

    assertThat(first.phases).contains("augmentation").doesNotContain("teacher");
    assertThat(first.tokens).doesNotContainKey("teacher");
    assertThat(first.tokens.get("baseline")).isEqualTo(without.tokens.get("baseline"));
    assertThat(first.tokens.get("student"))
        .isGreaterThan(2 * without.tokens.getOrDefault("student", 0L));
    DataSummary.Split learnt = straight.run().data().splits().getLast();
    assertThat(learnt.name()).isEqualTo("train and augmented");
    assertThat(learnt.rows()).isGreaterThan(2 * straight.run().data().splits().getFirst().rows());
    assertThat(straight.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);

    try (Stream<Path> kept = Files.list(root.resolve("home/augmented"))) {
      assertThat(kept.toList()).hasSize(1);
    }
  }

  @Test
  void aResumedRunFindsItsTextsReady() throws IOException {
    Recipe recipe = recipe("baseline=false");
    RunFolder straight = RunFolder.create(root.resolve("straight"), recipe);
    distill(recipe, straight, new Watch(), new StopSwitch());
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    Watch killed = interrupt(recipe, folder, 7);
    Watch again = new Watch();
    distill(recipe, folder, again, new StopSwitch());

    assertThat(killed.phases).doesNotContain("augmentation");
    assertThat(again.phases).doesNotContain("augmentation");
    assertThat(folder.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(straight.student().resolve("model.safetensors"));

    try (Stream<Path> kept = Files.walk(root.resolve("home/augmented"))) {
      Files.writeString(kept.filter(Files::isRegularFile).findFirst().orElseThrow(), "{}");
    }
    assertThatThrownBy(() -> distill(recipe, new Watch()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the augmented texts are damaged");
  }

  /// With two words each in the place of the other, what is made is often what is held out.
  @Test
  void whatIsHeldOutIsNotLearntFrom() throws IOException {
    List<String> rows =
        Stream.of("good", "bad", "slow", "great", "fast", "fine", "never", "happy")
            .flatMap(first -> Stream.of(first + " day", first + " movie", first + " book"))
            .flatMap(text -> Stream.of(text + ",a", "very " + text + ",b"))
            .toList();
    Files.write(root.resolve("train.csv"), csv(rows.subList(0, 32)));
    Files.write(root.resolve("test.csv"), csv(rows.subList(32, 48)));
    Recipe recipe = recipe("data.augment={copies: 40, probability: 0.5}", "data.leakage=refuse");
    CheckedData read = CheckedData.read(recipe, root);
    RunContext context = tiny.context(new RunListener() {}, new StopSwitch());

    CheckedData data =
        new AugmentPhase(
                context.models().plan(recipe, Progress.none()),
                context.workspace(),
                context.listener())
            .apply(read);

    List<String> learnt =
        data.training().getFirst().examples().stream().map(text -> text.text()).toList();
    assertThat(learnt).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    assertThat(learnt)
        .doesNotContainAnyElementsOf(
            data.splits().heldOut().stream()
                .flatMap(split -> split.examples().stream())
                .map(text -> text.text())
                .toList());
    assertThat(data.findings())
        .extracting(finding -> finding.message())
        .anyMatch(
            message -> message.matches("augmented: \\d+ of \\d+ examples also in test; dropped.*"))
        .anyMatch(
            message -> message.matches("augmented: \\d+ of \\d+ texts dropped, being there.*"));
    assertThat(data.splits()).isEqualTo(read.splits());
  }

  @Test
  void anInterruptionCostsOnlyThePartThatIsNotWritten() throws IOException {
    Random random = new Random(3);
    List<String> words = List.of("good", "bad", "slow", "the", "movie", "day", "book", "world");
    List<String> rows =
        IntStream.range(0, 1200)
            .mapToObj(row ->
                random
                        .ints(6, 0, words.size())
                        .mapToObj(words::get)
                        .collect(Collectors.joining(" "))
                    + (row % 2 == 0 ? ",a" : ",b"))
            .toList();
    Files.write(root.resolve("train.csv"), csv(rows));
    Recipe recipe = recipe("data.augment={copies: 1}", "data.validation=1%", "data.test=1%");
    CheckedData read = CheckedData.read(recipe, root);
    List<Example> made = augmented(recipe, read);
    List<Path> parts = parts();
    byte[] second = Files.readAllBytes(parts.get(1));
    Files.delete(parts.get(1));
    FileTime before = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(parts.get(0), before);

    assertThat(augmented(recipe, read)).isEqualTo(made);

    assertThat(parts()).isEqualTo(parts).hasSize(2);
    assertThat(parts.get(1)).hasBinaryContent(second);
    assertThat(Files.getLastModifiedTime(parts.get(0))).isEqualTo(before);
  }

  private List<Example> augmented(Recipe recipe, CheckedData read) throws IOException {
    RunContext context = tiny.context(new RunListener() {}, new StopSwitch());
    return new AugmentPhase(
            context.models().plan(recipe, Progress.none()), context.workspace(), context.listener())
        .apply(read)
        .training()
        .getFirst()
        .examples();
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> kept = Files.walk(root.resolve("home/augmented"))) {
      return kept.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void whereNoTextIsMadeTheUserIsToldWhatToDo() {
    Recipe recipe = recipe("data.augment={copies: 1, probability: 1e-9}");

    assertThatThrownBy(() -> distill(recipe, new Watch()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "augmented: none of the texts is left; raise data.augment.probability or copies");
  }

  /// Half the batches are mixed; the others hear what the teacher said before.
  @Test
  void mixturesAreLearntFromAndResumedToTheSameBits() throws IOException {
    Recipe recipe =
        tiny.recipe("train.mixup={alpha: 0.4, share: 0.5}", "train.epochs=10", "baseline=false");
    RunFolder straight = RunFolder.create(root.resolve("straight"), recipe);
    RunReport report = distill(recipe, straight, new Watch(), new StopSwitch());
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    interrupt(recipe, folder, 7);
    distill(recipe, folder, new Watch(), new StopSwitch());
    Recipe plain = tiny.recipe("train.epochs=10", "baseline=false");
    RunFolder unmixed = RunFolder.create(root.resolve("runs"), plain);
    distill(plain, unmixed, new Watch(), new StopSwitch());

    assertThat(report.results().measurement(Kind.STUDENT, Metric.ACCURACY).orElseThrow().value())
        .isGreaterThan(0.8);
    assertThat(folder.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(straight.student().resolve("model.safetensors"));
    assertThat(
            Files.mismatch(
                unmixed.student().resolve("model.safetensors"),
                straight.student().resolve("model.safetensors")))
        .isNotNegative();
  }

  @Test
  void whereAllBatchesAreMixedTheTeacherIsNotAskedAboutTexts() throws IOException {
    Watch watch = new Watch();
    distill(tiny.recipe("train.mixup={}", "train.epochs=1", "baseline=false"), watch);

    assertThat(watch.phases)
        .noneMatch(phase -> phase.endsWith("answers, train"))
        .anyMatch(phase -> phase.endsWith("answers, validation"));
  }

  @Test
  void whatCannotBeMixedIsRefusedAtOnce() throws IOException {
    Recipe masked =
        recipe(
            "task=masked-lm",
            "teacher={model: '%s', maxLength: 24}".formatted(root.resolve("words")),
            "export=[safetensors]",
            "deploy=safetensors",
            "train.mixup={}");
    RunContext context = tiny.context(new RunListener() {}, new StopSwitch());

    assertThatThrownBy(() -> Checkup.of(masked, root, context.models(), Progress.none()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("train.mixup: the hidden tokens of two texts");
    assertThatThrownBy(() ->
            check("objective=[{use: forward-kl, from: dropout}, cross-entropy]", "train.mixup={}"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("train.mixup: a text is mixed with another one each time");
  }

  @Test
  void whatCannotBeAugmentedIsRefusedAtOnce() throws IOException {
    Files.writeString(root.resolve("more.txt"), "one more day\n");
    String headless = root.resolve("model").toString();
    assertThatThrownBy(() -> check("data.augment={by: masked-lm}"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("data.augment.by: 'masked-lm' needs a model with a masked-LM head")
        .hasMessageContaining("'%s' has none".formatted(headless));
    assertThatThrownBy(() -> check("objective=[{use: cross-entropy}]"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("data.augment: augmented texts have no labels");
    assertThatThrownBy(() ->
            check("objective=[]", "stages=[{name: one, data: more.txt, objective: [forward-kl]}]"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("data.augment: every stage has data of its own");
    assertThatThrownBy(() ->
            check(
                "task=masked-lm",
                "export=[safetensors]",
                "deploy=safetensors",
                "teacher={model: '%s', maxLength: 24}".formatted(root.resolve("words"))))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("data.augment: task masked-lm hides other words in every epoch");
    assertThatThrownBy(() -> recipe("data.augment.by=glove"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(
            "data.augment.by (--set data.augment.by=glove): 'glove' is not one of")
        .hasMessageContaining("[embeddings, masked-lm]");
    assertThatThrownBy(() -> recipe("data.augment.probability=1.2"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("data.augment.probability")
        .hasMessageContaining("[0, 1] but is 1.2");
  }

  private void check(String... more) throws IOException {
    RunContext context = tiny.context(new RunListener() {}, new StopSwitch());
    Checkup.of(recipe(more), root, context.models(), Progress.none());
  }

  /// The recipe that comes with Retort, on the tiny models and data.
  private Recipe recipe(String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "teacher.model='%s'".formatted(root.resolve("model")),
                "teacher.fineTune={epochs: 12, learningRate: 5e-3, precision: fp32}",
                "teacher.maxLength=24",
                "student.layers=[1]",
                "data.test=test.csv",
                "data.augment.model='%s'".formatted(root.resolve("words")),
                "data.augment.copies=3",
                "train={epochs: 3, batchTokens: 400, learningRate: 5e-3, precision: fp32,"
                    + " checkpointEvery: 5}",
                "require={}"));
    overrides.addAll(List.of(more));
    return Recipes.read(Path.of("../recipes/augmented.yaml"), overrides);
  }

  private RunReport distill(Recipe recipe, RunListener listener) throws IOException {
    return distill(
        recipe, RunFolder.create(root.resolve("runs"), recipe), listener, new StopSwitch());
  }

  private RunReport distill(Recipe recipe, RunFolder folder, RunListener listener, StopSwitch stop)
      throws IOException {
    return new Distillation(tiny.context(listener, stop)).distill(recipe, root, folder);
  }

  /// Runs `recipe` until it is interrupted after this step of the student's training.
  private Watch interrupt(Recipe recipe, RunFolder folder, long step) {
    StopSwitch stop = new StopSwitch();
    Watch killed =
        new Watch() {
          @Override
          public void stepEnded(StepReport report) {
            if (report.phase().equals("student") && report.step() == step) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    assertThatThrownBy(() -> distill(recipe, folder, killed, stop))
        .isInstanceOf(RunInterruptedException.class);
    return killed;
  }

  private static List<String> csv(List<String> rows) {
    return Stream.concat(Stream.of("text,label"), rows.stream()).toList();
  }

  /// What a run was seen to do.
  private static class Watch implements RunListener {
    final List<String> phases = new ArrayList<>();
    final Map<String, Long> tokens = new HashMap<>();

    @Override
    public void stepEnded(StepReport report) {
      tokens.merge(report.phase(), report.tokens(), Long::sum);
    }

    @Override
    public void phaseStarted(String phase, long total, String unit) {
      phases.add(phase);
    }
  }
}
