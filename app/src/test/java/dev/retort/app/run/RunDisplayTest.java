package dev.retort.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.app.terminal.Console;
import dev.retort.app.terminal.Display;
import dev.retort.hub.Progress;
import dev.retort.recipe.Keep;
import dev.retort.train.EpochScore;
import dev.retort.train.StepReport;
import dev.retort.train.TrainProgress;
import dev.retort.train.TrainResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunDisplayTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Interruption interruption = new Interruption();

  @Test
  void writesALinePerPhaseToALog() {
    RunDisplay display = display(false);
    display.phaseStarted("teacher's model", 0, "bytes");
    pass(2);
    display.phaseEnded("teacher's model", "6 layers");
    display.phaseStarted("exporting", 0, "");
    pass(5);
    display.phaseStarted("measuring", 0, "");
    pass(61);
    display.endOpen();

    assertThat(written.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            teacher's model          6 layers in 0:02
            exporting                took 0:05
            measuring                took 1:01
            """);
  }

  @Test
  void showsLossAndTokensPerSecondWhileTraining() {
    RunDisplay display = display(false);
    display.started(new TrainProgress("student", 0, 10));
    for (int step = 1; step <= 10; step++) {
      pass(2);
      display.stepEnded(step(step));
    }
    display.ended(result(TrainResult.End.FINISHED));

    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .contains(
            "student  50%  5/10  2.0 s each  ETA 0:10  loss 0.5000  500 tokens/s",
            "student                  10 steps, validation score 0.9000 after epoch 2, in 0:20")
        .hasSize(11);
  }

  @Test
  void fitsTheTerminal() {
    RunDisplay display = display(true);
    display.started(new TrainProgress("student", 0, 1_000));
    for (int step = 1; step <= 500; step++) {
      pass(1);
      display.stepEnded(step(step));
    }

    assertThat(List.of(written.toString(StandardCharsets.UTF_8).split("\r")))
        .hasSizeGreaterThan(100)
        .allSatisfy(line -> assertThat(line.replace("\u001B[K", "")).hasSizeLessThan(80))
        .last()
        .asString()
        .contains("50%", "loss 0.5000", "1,000 tokens/s");
  }

  @Test
  void tellsWhereAResumedPhaseGoesOn() {
    display(false).started(new TrainProgress("teacher", 224, 342));

    assertThat(written).hasToString("teacher                  goes on after step 224\n");
  }

  @Test
  void showsDownloadsInATerminalAndWhenTheyAreCompleteElsewhere() {
    Progress log = new DownloadDisplay(console(false), now::get);
    log.downloaded("model.onnx", 1_000_000, OptionalLong.of(80_000_000));
    log.downloaded("model.onnx", 80_000_000, OptionalLong.of(80_000_000));
    log.waiting("model.onnx: status 503", Duration.ofMillis(300));
    assertThat(written)
        .hasToString(
            "downloaded model.onnx (80.0 MB)\nmodel.onnx: status 503; trying again in 1 s\n");

    written.reset();
    Progress live = new DownloadDisplay(console(true), now::get);
    live.downloaded("model.onnx", 1_000_000, OptionalLong.of(80_000_000));
    live.downloaded("model.onnx", 2_000_000, OptionalLong.of(80_000_000));
    pass(1);
    live.downloaded("model.onnx", 40_000_000, OptionalLong.empty());
    assertThat(written)
        .hasToString(
            "\r\u001B[Kdownloading model.onnx  1.0 MB of 80.0 MB"
                + "\r\u001B[Kdownloading model.onnx  40.0 MB");
  }

  @Test
  void anInterruptedTrainingIsWaitedFor() throws InterruptedException {
    RunDisplay display = display(false);
    display.started(new TrainProgress("student", 0, 10));
    Thread hook = new Thread(() -> interruption.interrupted(console(false)));
    hook.start();
    while (interruption.stop().reason().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(hook.isAlive()).isTrue();

    display.ended(result(TrainResult.End.INTERRUPTED));
    interruption.ended();
    hook.join();

    assertThat(interruption.stop().reason()).contains(TrainResult.End.INTERRUPTED);
    assertThat(written).hasToString("Stopping after this step, to write a checkpoint ...\n");
  }

  @Test
  void otherWorkIsNotWaitedFor() {
    interruption.resumeWith("retort distill r.yaml --resume");
    display(false).phaseStarted("measuring", 0, "");

    interruption.interrupted(console(false));

    assertThat(written).hasToString("Interrupted.\nGo on with: retort distill r.yaml --resume\n");
  }

  @Test
  void anOrdinaryEndIsNoInterruption() {
    interruption.ended();

    interruption.interrupted(console(false));

    assertThat(written.size()).isZero();
    assertThat(interruption.stop().reason()).isEmpty();
  }

  private RunDisplay display(boolean terminal) {
    return new RunDisplay(console(terminal), now::get, interruption);
  }

  private Console console(boolean terminal) {
    PrintStream stream = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new Console(stream, stream, new Display(terminal, false, () -> 80));
  }

  private void pass(long seconds) {
    now.updateAndGet(time -> time.plusSeconds(seconds));
  }

  private static StepReport step(int step) {
    return new StepReport(
        "student",
        step,
        step > 10 ? 1_000 : 10,
        0,
        0.5,
        new LinkedHashMap<>(),
        1e-4,
        1,
        1_000,
        Optional.empty());
  }

  private static TrainResult result(TrainResult.End end) {
    return new TrainResult(
        "student",
        end,
        10,
        List.of(new EpochScore(0, 5, 0.8), new EpochScore(1, 10, 0.9)),
        Keep.BEST);
  }
}
