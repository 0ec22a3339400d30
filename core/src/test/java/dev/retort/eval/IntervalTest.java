package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class IntervalTest {

  @Test
  void wilsonIntervalOfEightInTen() {
    Measured share = Measured.share(8, 10);

    assertThat(share.value()).isEqualTo(0.8);
    assertThat(share.low()).isCloseTo(0.490162, within(1e-6));
    assertThat(share.high()).isCloseTo(0.943318, within(1e-6));
  }

  @Test
  void tenOfTenStillLeavesRoomForFailure() {
    // At k = n the lower bound is n / (n + z²).
    assertThat(Measured.share(10, 10).low()).isCloseTo(10 / (10 + 3.841459), within(1e-6));
    assertThat(Measured.share(10, 10).high()).isEqualTo(1);
    assertThat(Measured.share(0, 10).low()).isZero();
  }

  @Test
  void measuredRefusesAnIntervalWithoutItsValue() {
    assertThatThrownBy(() -> new Measured(1, 2, 3, 10)).hasMessageContaining("[2.0, 3.0]");
    assertThatThrownBy(() -> new Measured(Double.NaN, 0, 1, 10)).hasMessageContaining("NaN");
  }

  @Test
  void bootstrapIntervalOfAMeanHasTheWidthOfTheNormalOne() {
    ToDoubleFunction<int[]> mean = rows -> share(rows, row -> row % 2);

    Measured measured = new Bootstrap(4000, 1).percentile(400, mean);

    // sqrt(.25 / 400) · 1.96 = .049
    assertThat(measured.value()).isEqualTo(0.5);
    assertThat(measured.low()).isCloseTo(0.451, within(0.006));
    assertThat(measured.high()).isCloseTo(0.549, within(0.006));
  }

  @Test
  void bootstrapIsTheSameForTheSameSeedOnly() {
    ToDoubleFunction<int[]> mean = rows -> share(rows, row -> row);

    assertThat(Bootstrap.ofSeed(7).percentile(50, mean))
        .isEqualTo(Bootstrap.ofSeed(7).percentile(50, mean))
        .isNotEqualTo(Bootstrap.ofSeed(8).percentile(50, mean));
  }

  @Test
  void basicIntervalTakesOutTheBiasOfResampling() {
    // |mean| of values around zero: every resample lies farther out than the value 0 itself.
    ToDoubleFunction<int[]> distance = rows -> Math.abs(share(rows, row -> row % 2 == 0 ? 1 : -1));

    assertThat(Bootstrap.ofSeed(1).percentile(100, distance).high()).isGreaterThan(0.15);
    assertThat(Bootstrap.ofSeed(1).basic(100, distance).high()).isZero();
  }

  @Test
  void pairedIntervalsFollowTheClosedForm() {
    PairedOutcomes outcomes = new PairedOutcomes(900, 10, 30, 60, 920);

    Measured retention = outcomes.retention(new Bootstrap(4000, 3)).orElseThrow();
    Measured difference = outcomes.accuracyDifference(new Bootstrap(4000, 3));

    // exp(ln(910/930) ± 1.96 · sqrt(40 / (910 · 930)))
    assertThat(retention.value()).isEqualTo(910 / 930.0);
    assertThat(retention.low()).isCloseTo(0.9654, within(0.0015));
    assertThat(retention.high()).isCloseTo(0.9918, within(0.0015));
    // −.02 ± 1.96 · sqrt(.04 − .0004) / sqrt(1000)
    assertThat(difference.value()).isEqualTo(-0.02);
    assertThat(difference.low()).isCloseTo(-0.0323, within(0.0015));
    assertThat(difference.high()).isCloseTo(-0.0077, within(0.0015));
    assertThat(outcomes.agreement().value()).isEqualTo(0.92);
  }

  @Test
  void modelsThatNeverDifferOnTenRowsAreNotProvenEqual() {
    PairedOutcomes same = new PairedOutcomes(10, 0, 0, 0, 10);

    assertThat(
            Requirement.parse("retention", ">= 0.97").judge(same.measurements(Bootstrap.ofSeed(7))))
        .isInstanceOf(Verdict.Unproven.class);
  }

  @Test
  void pairsAreCountedRowByRow() {
    float[][] first = {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}};
    float[][] second = {{1, 0, 0}, {0, 1, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    int[] labels = {0, 0, 0, 0, 0};

    PairedOutcomes outcomes =
        PairedOutcomes.of(
            Predictions.ofLogits(first, labels), Predictions.ofLogits(second, labels));

    assertThat(outcomes).isEqualTo(new PairedOutcomes(1, 1, 1, 2, 2));
  }

  @Test
  void retentionOfATeacherThatIsNeverRightIsEmpty() {
    PairedOutcomes outcomes = new PairedOutcomes(0, 3, 0, 7, 0);

    assertThat(outcomes.retention(Bootstrap.ofSeed(7))).isEmpty();
    assertThat(outcomes.measurements(Bootstrap.ofSeed(7))).containsOnlyKeys(Metric.AGREEMENT);
  }

  @Test
  void onlyTheSameRowsCanBePaired() {
    float[][] scores = {{1, 0}, {1, 0}};
    Predictions first = Predictions.ofLogits(scores, new int[] {0, 0});
    Predictions second = Predictions.ofLogits(scores, new int[] {0, 1});

    assertThatThrownBy(() -> PairedOutcomes.of(first, second))
        .hasMessageContaining("row 1 is labelled 0 for one, 1 for the other");
  }

  @Test
  void coverageOfTheRetentionIntervalIsAboutNinetyFivePerCent() {
    SplittableRandom random = new SplittableRandom(11);
    int covered = 0;
    for (int trial = 0; trial < 200; trial++) {
      covered += coversTruth(random) ? 1 : 0;
    }

    // 190 expected; 178 is four standard deviations below.
    assertThat(covered).isBetween(178, 200);
  }

  /// Draws 300 rows from a world where both models are right on 85 % of rows, the student alone on
  /// 2 %, the teacher alone on 5 %.
  private static boolean coversTruth(SplittableRandom random) {
    int[] counts = new int[4];
    for (int row = 0; row < 300; row++) {
      double u = random.nextDouble();
      counts[u < 0.85 ? 0 : u < 0.87 ? 1 : u < 0.92 ? 2 : 3]++;
    }
    Measured retention =
        new PairedOutcomes(counts[0], counts[1], counts[2], counts[3], counts[0])
            .retention(new Bootstrap(200, random.nextLong()))
            .orElseThrow();
    return retention.low() <= 0.87 / 0.90 && 0.87 / 0.90 <= retention.high();
  }

  private static double share(int[] rows, IntUnaryOperator value) {
    double sum = 0;
    for (int row : rows) {
      sum += value.applyAsInt(row);
    }
    return sum / rows.length;
  }
}
