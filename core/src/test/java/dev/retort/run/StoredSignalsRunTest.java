package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.hub.Progress;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.signal.SignalStoreException;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainProgress;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Language models whose teacher is asked once.
class StoredSignalsRunTest {

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  /// What a run told, and what the teacher was asked for.
  private static class Hearing implements RunListener {

    private final List<String> notes = new ArrayList<>();
    private long asked;

    @Override
    public void noted(String message) {
      notes.add(message);
    }

    @Override
    public void phaseStarted(String phase, long total, String unit) {
      if (phase.equals("asking the teacher")) {
        asked += total;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"top-k", "{use: top-k, k: 4}", "sampled", "{use: sampled, draws: 9}"})
  void aStudentLearnsFromWhatIsKept(String signals) throws IOException {
    Recipe recipe = tiny.recipe("teacher.signals=" + signals, "baseline=false", "train.epochs=5");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    Hearing first = new Hearing();

    RunReport report = tiny.distill(recipe, folder, first);

    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.5);
    assertThat(first.asked).isPositive();
    String note = first.notes.getLast();
    assertThat(note)
        .startsWith("note: teacher.signals: ")
        .contains(
            String.format(Locale.ROOT, "%,d tokens at ", first.asked),
            " nats a token",
            "in 1 shards");
    assertThat(report.run().data().warnings()).contains(note);
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(report.run().provenance().recipe()).contains("signals:");

    Hearing second = new Hearing();
    RunFolder again = RunFolder.create(root.resolve("again"), recipe);
    tiny.distill(recipe, again, second);

    assertThat(second.asked).isZero();
    assertThat(again.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(folder.student().resolve("model.safetensors"));
  }

  /// 120 tokens of 120 are all that online says.
  @Test
  void theTopOfEverythingTrainsAsTheTeacherOnlineDoes() throws IOException {
    String[] few = {"baseline=false", "train.epochs=1"};
    Recipe online = tiny.recipe(few);
    Recipe kept = tiny.recipe("teacher.signals={use: top-k, k: 120}", few[0], few[1]);

    RunReport asked =
        tiny.distill(online, RunFolder.create(root.resolve("a"), online), new Hearing());
    RunReport stored = tiny.distill(kept, RunFolder.create(root.resolve("b"), kept), new Hearing());

    double expected = TinyLanguageRun.value(asked, Kind.STUDENT, Metric.PERPLEXITY);
    assertThat(TinyLanguageRun.value(stored, Kind.STUDENT, Metric.PERPLEXITY) / expected)
        .isBetween(0.99, 1.01);
  }

  /// Hidden states are computed in every step, beside what is kept or alone.
  @Test
  void stagesHearWhatIsKeptOfTheirOwnTexts() throws IOException {
    Files.writeString(root.resolve("more.csv"), TinyLanguageRun.csv(60, 3));
    long own = label("top-k").asked;
    Recipe recipe =
        tiny.recipe(
            "teacher.signals=top-k",
            "objective=[]",
            """
            stages=[
              {name: inside, data: more.csv, objective: [hidden-mse], train: {epochs: 1}},
              {name: both, data: more.csv, train: {epochs: 1},
               objective: [hidden-cosine, {use: forward-kl, temperature: 2}]},
              {name: answers, train: {epochs: 5},
               objective: [{use: forward-kl, temperature: 2, weight: 0.1}, cross-entropy]}]
            """,
            "baseline=false");
    Hearing run = new Hearing();

    RunReport report = tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), run);

    assertThat(run.asked).isPositive().isLessThan(own);
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.5);
  }

  @Test
  void anotherTeacherCodecOrPrecisionIsAskedAnew() throws IOException {
    long all = label("top-k").asked;
    assertThat(all).isPositive();
    assertThat(label("top-k").asked).isZero();
    assertThat(label("{use: top-k, k: 14}").asked).isEqualTo(all);
    assertThat(label("top-k", "objective=[{use: forward-kl, temperature: 3}]").asked)
        .isEqualTo(all);
    assertThat(label("top-k", "train.precision=bf16").asked).isEqualTo(all);
    assertThat(label("sampled").asked).isEqualTo(all);
    assertThat(label("{use: sampled, seed: 2}").asked).isEqualTo(all);
    // Another split has a few texts that were not trained on before.
    assertThat(label("sampled", "train.seed=99").asked).isBetween(0L, all / 3);
  }

  @Test
  void aRunFindsWhatLabelAsked() throws IOException {
    long asked = label("top-k").asked;
    Recipe recipe = tiny.recipe("teacher.signals=top-k", "baseline=false", "train.epochs=1");
    Hearing run = new Hearing();
    tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), run);

    assertThat(asked).isPositive();
    assertThat(run.asked).isZero();
  }

  @Test
  void anInterruptedCaptureGoesOnWhereItStopped() throws IOException {
    Recipe recipe = tiny.recipe("teacher.signals=top-k", "baseline=false", "train.epochs=1");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    StopSwitch stop = new StopSwitch();
    Hearing interrupting =
        new Hearing() {
          @Override
          public void phaseStarted(String phase, long total, String unit) {
            super.phaseStarted(phase, total, unit);
            if (phase.equals("asking the teacher")) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }

          @Override
          public void started(TrainProgress progress) {
            throw new AssertionError("training began");
          }
        };

    assertThatThrownBy(
            () -> new Distillation(tiny.context(interrupting, stop)).distill(recipe, root, folder))
        .isInstanceOf(RunInterruptedException.class)
        .hasMessageContaining("interrupted while asking the teacher; its answers so far are in");

    Hearing rest = new Hearing();
    tiny.distill(recipe, folder, rest);
    assertThat(rest.asked).isPositive();
  }

  @Test
  void aDamagedShardIsNamed() throws IOException {
    label("top-k");
    Path shard;
    try (Stream<Path> files = Files.walk(root.resolve("home"))) {
      shard =
          files.filter(file -> file.toString().endsWith(".safetensors")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);

    assertThatThrownBy(() -> label("top-k"))
        .isInstanceOf(SignalStoreException.class)
        .hasMessageContaining(shard.getFileName().toString());
  }

  @Test
  void lossesThatCannotLearnFromWhatIsKeptAreNamed() {
    assertThat(problems("top-k", "[logit-mse, {use: forward-kl, temperature: 2}]"))
        .isEqualTo(
            "objective[0]: logit-mse needs every logit, which `teacher.signals: top-k` does not keep; use 'online', or another objective");
    assertThat(problems("sampled", "[reverse-kl, {use: hinton, temperature: 1}]"))
        .isEqualTo(
            "objective[0]: reverse-kl cannot learn from tokens that were drawn, which `teacher.signals: sampled` keeps; use forward-kl or hinton, or 'top-k'");
    assertThat(
            problems("top-k", "[{use: reverse-kl, temperature: 2}, {use: hinton, temperature: 4}]"))
        .isEqualTo(
            "teacher.signals: probabilities are kept at one temperature, but the objectives have [2.0, 4.0]; give them one, or use 'online'");
    assertThat(problems("top-k", "[cross-entropy]"))
        .isEqualTo(
            "teacher.signals: no objective compares probabilities with the teacher's, so there is nothing to keep; leave this out");
    assertThat(problems("{use: top-k, k: 121}", "[forward-kl]"))
        .isEqualTo("teacher.signals.k: 121 tokens cannot be named; the model knows 120");
  }

  @Test
  void whatIsNoSignalIsRefusedAtOnce() {
    assertThatThrownBy(() -> tiny.recipe("teacher.signals={use: top-k, k: 0}"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("teacher.signals.k")
        .hasMessageContaining("must be >= 1");
    assertThatThrownBy(() -> tiny.recipe("teacher.signals={use: sampled, draws: 0}"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("teacher.signals.draws");
    assertThatThrownBy(() -> tiny.recipe("teacher.signals=top"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("online, sampled, top-k");
    assertThatThrownBy(
            () -> tiny.recipe("task=masked-lm", "evaluate=null", "teacher.signals=top-k"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("teacher.signals")
        .hasMessageContaining("is for task generation");
  }

  private String problems(String signals, String objective) {
    Recipe recipe = tiny.recipe("teacher.signals=" + signals, "objective=" + objective);
    try {
      Checkup.of(
          recipe, root, tiny.context(new Hearing(), new StopSwitch()).models(), Progress.none());
      return "";
    } catch (PlanException e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Hearing label(String signals, String... overrides) throws IOException {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("teacher.signals=" + signals);
    Hearing hearing = new Hearing();
    Recipe recipe = tiny.recipe(all.toArray(String[]::new));
    int answered = new Distillation(tiny.context(hearing, new StopSwitch())).label(recipe, root);
    assertThat(answered).isPositive();
    return hearing;
  }
}
