package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenMetricsTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.ofSeed(7);

  @Test
  void perplexityIsThePowerOfTheLogLoss() {
    Map<Metric, Measured> measured =
        TokenMetrics.measurements(
            Predictions.ofTokens(
                30_000,
                new int[] {7, 8, 9, 29_999},
                new int[] {7, 8, 9, 0},
                new double[] {0.5, 0.25, 0.5, 0.9},
                new double[] {Math.log(0.5), Math.log(0.25), Math.log(0.5), Math.log(0.0625)}),
            BOOTSTRAP);

    assertThat(measured.get(Metric.ACCURACY))
        .satisfies(accuracy -> assertThat(accuracy.value()).isEqualTo(0.75));
    // ½, ¼, ½ and 1/16 have the geometric mean ¼
    assertThat(measured.get(Metric.PERPLEXITY))
        .satisfies(perplexity -> {
          assertThat(perplexity.value()).isCloseTo(4, within(1e-9));
          assertThat(perplexity.low()).isGreaterThanOrEqualTo(2).isLessThan(4);
          assertThat(perplexity.high()).isLessThanOrEqualTo(16 + 1e-9).isGreaterThan(4);
        });
    assertThat(measured.get(Metric.NEGATIVE_LOG_LIKELIHOOD))
        .satisfies(loss -> assertThat(loss.value()).isCloseTo(Math.log(4), within(1e-12)));
  }

  @Test
  void aStudentIsComparedWithItsTeacherOnTheSameTokens() {
    Predictions teacher = predictions(new int[] {5, 6, 7, 8});
    Predictions student = predictions(new int[] {5, 6, 9, 9});

    Map<Metric, Measured> measured = PairedOutcomes.of(student, teacher).measurements(BOOTSTRAP);

    assertThat(measured.get(Metric.AGREEMENT)).extracting("value").isEqualTo(0.5);
    assertThat(measured.get(Metric.RETENTION)).extracting("value").isEqualTo(0.5);
  }

  @Test
  void refusesAnswersThatAreNotThere() {
    assertThatThrownBy(
            () -> Predictions.ofTokens(9, new int[2], new int[1], new double[2], new double[2]))
        .hasMessageContaining("at least one, but are 1 and 2");
    assertThatThrownBy(
            () -> Predictions.ofTokens(9, new int[0], new int[0], new double[0], new double[0]))
        .hasMessageContaining("at least one, but are 0 and 0");
  }

  private static Predictions predictions(int[] predicted) {
    return Predictions.ofTokens(
        10, new int[] {5, 6, 7, 8}, predicted, new double[4], new double[4]);
  }
}
