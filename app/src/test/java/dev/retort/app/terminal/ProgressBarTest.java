package dev.retort.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {

  private static Progress progress(long step, long total, long seconds) {
    return new Progress(
        "train", 0, step, total, Duration.ofSeconds(seconds), List.of(Metric.of("loss", 0.123456)));
  }

  @Test
  void showsEverythingIn80Columns() {
    assertThat(ProgressBar.render(progress(450, 1000, 36), 80))
        .isEqualTo(
            "train [==========>               ]  45%  450/1000  12.5/s  ETA 0:44  loss 0.1235")
        .hasSize(80);
  }

  @Test
  void fillsTheBarAtTheEndAndTellsHowLongItTook() {
    assertThat(ProgressBar.render(progress(1000, 1000, 80), 80))
        .isEqualTo(
            "train [========================] 100%  1000/1000  12.5/s  took 1:20  loss 0.1235")
        .hasSize(80);
  }

  @Test
  void showsSeveralMetricsInTheirOrder() {
    Progress progress =
        new Progress(
            "student",
            0,
            450,
            1000,
            Duration.ofSeconds(36),
            List.of(Metric.of("loss", 0.25), Metric.rate(12_345.6, "tokens")));
    assertThat(ProgressBar.render(progress, 80))
        .isEqualTo(
            "student [==>    ]  45%  450/1000  12.5/s  ETA 0:44  loss 0.2500  12,346 tokens/s");
  }

  @Test
  void startsEmpty() {
    assertThat(ProgressBar.render(progress(0, 10, 0), 60))
        .isEqualTo("train [                  ]   0%  0/10  ETA -:--  loss 0.1235")
        .hasSize(60);
  }

  @Test
  void capsTheBarInAWideTerminal() {
    assertThat(ProgressBar.render(progress(5, 10, 5), 200))
        .isEqualTo(
            "train ["
                + "=".repeat(19)
                + ">"
                + " ".repeat(20)
                + "]  50%  5/10  1.00/s  ETA 0:05  loss 0.1235");
  }

  @Test
  void leavesOutWhatDoesNotFit() {
    Progress progress = progress(450, 1000, 36);
    assertThat(ProgressBar.render(progress, 56))
        .isEqualTo("train   45%  450/1000  12.5/s  ETA 0:44  loss 0.1235");
    assertThat(ProgressBar.render(progress, 45))
        .isEqualTo("train   45%  450/1000  12.5/s  ETA 0:44");
    assertThat(ProgressBar.render(progress, 30)).isEqualTo("train   45%  450/1000  12.5/s");
    assertThat(ProgressBar.render(progress, 12)).isEqualTo("train   45%");
    assertThat(ProgressBar.render(progress, 3)).isEqualTo("tra");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 20, 40, 57, 58, 59, 60, 61, 62, 63, 64, 79, 80, 120})
  void neverExceedsTheColumns(int columns) {
    for (long step = 0; step <= 1000; step += 50) {
      assertThat(ProgressBar.render(progress(step, 1000, 36), columns))
          .hasSizeLessThanOrEqualTo(columns);
    }
  }

  @Test
  void hasNoBarForAnUnknownTotal() {
    assertThat(ProgressBar.render(progress(1, 0, 4), 80))
        .isEqualTo("train  1 step  4.0 s each  took 0:04  loss 0.1235");
  }

  @Test
  void hasNoBarInALog() {
    assertThat(ProgressBar.renderPlain(progress(450, 1000, 36)))
        .isEqualTo("train  45%  450/1000  12.5/s  ETA 0:44  loss 0.1235");
  }

  @Test
  void countsOnlyTheStepsOfThisProcessAfterAResume() {
    Progress resumed = new Progress("train", 900, 950, 1000, Duration.ofSeconds(50), List.of());
    assertThat(ProgressBar.renderPlain(resumed))
        .isEqualTo("train  95%  950/1000  1.00/s  ETA 0:50");
  }

  @Test
  void isNotDoneBeforeTheLastStep() {
    assertThat(progress(999, 1000, 1).percent()).isEqualTo(99);
    assertThat(progress(1001, 1000, 1).percent()).isEqualTo(100);
    assertThat(ProgressBar.render(progress(1001, 1000, 1), 80))
        .contains("[====")
        .doesNotContain(">");
  }

  @ParameterizedTest
  @CsvSource({
    "5, 0:05",
    "65, 1:05",
    "3599, 59:59",
    "3600, 1:00:00",
    "86399, 23:59:59",
    "97200, 1d 3h"
  })
  void writesDurations(long seconds, String text) {
    assertThat(ProgressBar.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0000",
    "0.001, 0.0010",
    "0.00012346, 1.235e-04",
    "99999, 99999.0000",
    "1234567, 1.235e+06",
    "-2.5, -2.5000",
    "NaN, NaN"
  })
  void writesMetrics(double value, String text) {
    Progress progress = new Progress("a", 0, 1, 0, Duration.ZERO, List.of(Metric.of("m", value)));
    assertThat(ProgressBar.renderPlain(progress)).isEqualTo("a  1 step  took 0:00  m " + text);
  }

  @ParameterizedTest
  @CsvSource({"500, 1, 500/s", "25, 2, 12.5/s", "5, 4, 1.25/s", "1, 4, 4.0 s each"})
  void writesRates(long steps, long seconds, String text) {
    Progress progress = new Progress("a", 0, steps, 0, Duration.ofSeconds(seconds), List.of());
    assertThat(ProgressBar.renderPlain(progress)).contains("  " + text + "  ");
  }

  @Test
  void refusesProgressThatCannotBe() {
    assertThatThrownBy(() -> new Progress("a", 5, 4, 10, Duration.ZERO, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "progress needs 0 <= first <= step, total >= 0 and elapsed >= 0 but has"
                + " 5, 4, 10 and PT0S");
  }
}
