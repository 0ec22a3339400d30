package dev.retort.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProgressReporterTest {

  private static final List<Metric> NONE = List.of();

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final InstantSource clock = now::get;

  private Console console(boolean terminal) {
    PrintStream stream = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new Console(stream, stream, new Display(terminal, false, () -> 60));
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private List<String> percents() {
    return written().lines().map(line -> line.replaceFirst(".* (\\d+%).*", "$1")).toList();
  }

  private void pass(long milliseconds) {
    now.updateAndGet(time -> time.plusMillis(milliseconds));
  }

  @Test
  void writesALineForEveryTenthToALog() {
    ProgressReporter reporter = new ProgressReporter(console(false), clock, "train", 0, 100);
    for (int step = 1; step < 100; step++) {
      pass(500);
      reporter.update(step, NONE);
    }
    reporter.finish(100, NONE);
    assertThat(percents())
        .containsExactly("10%", "20%", "30%", "40%", "50%", "60%", "70%", "80%", "90%", "100%");
  }

  @Test
  void writesALineAMinuteToTheLogOfSlowWork() {
    ProgressReporter reporter = new ProgressReporter(console(false), clock, "train", 0, 100);
    for (int step = 1; step <= 6; step++) {
      pass(Duration.ofSeconds(25).toMillis());
      reporter.update(step, NONE);
    }
    assertThat(percents()).containsExactly("3%", "6%");
  }

  @Test
  void writesAtMostOneLineASecondToTheLogOfFastWork() {
    ProgressReporter reporter = new ProgressReporter(console(false), clock, "train", 0, 10);
    for (int step = 1; step < 10; step++) {
      pass(400);
      reporter.update(step, NONE);
    }
    reporter.finish(10, NONE);
    assertThat(percents()).containsExactly("30%", "60%", "90%", "100%");
  }

  @Test
  void beginsAResumedPhaseWhereItStood() {
    ProgressReporter reporter = new ProgressReporter(console(false), clock, "train", 55, 100);
    pass(2000);
    reporter.update(56, NONE);
    assertThat(written()).isEmpty();
    pass(2000);
    reporter.update(60, NONE);
    assertThat(written()).isEqualTo("train  60%  60/100  1.25/s  ETA 0:32\n");
  }

  @Test
  void redrawsALineInATerminalTenTimesASecondAtMost() {
    ProgressReporter reporter = new ProgressReporter(console(true), clock, "train", 0, 10);
    reporter.update(0, NONE);
    pass(60);
    reporter.update(1, NONE);
    pass(60);
    reporter.update(2, NONE);
    pass(880);
    reporter.finish(10, List.of(Metric.of("loss", 0.5)));
    assertThat(written())
        .isEqualTo(
            "\r\u001B[Ktrain [                              ]   0%  0/10  ETA -:--"
                + "\r\u001B[Ktrain [===>                  ]  20%  2/10  16.7/s  ETA 0:00"
                + "\r\u001B[Ktrain [=======] 100%  10/10  10.0/s  took 0:01  loss 0.5000\n");
  }
}
