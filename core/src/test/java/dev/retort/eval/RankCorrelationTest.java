package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {

  @Test
  void onlyTheOrderCounts() {
    assertThat(RankCorrelation.spearman(of(1, 2, 3, 4), of(1, 10, 100, 1000)))
        .isCloseTo(1, within(1e-12));
    assertThat(RankCorrelation.spearman(of(1, 2, 3, 4), of(4, 3, 2, 1)))
        .isCloseTo(-1, within(1e-12));
  }

  /// 1 − 6·Σd² / (n·(n² − 1)) where no values are equal: Σd² = 1 + 1 + 4 + 1 + 1 = 8.
  @Test
  void isTheTextbookFormula() {
    assertThat(RankCorrelation.spearman(of(1, 2, 3, 4, 5), of(2, 1, 5, 3, 4)))
        .isCloseTo(1 - 6 * 8.0 / (5 * 24), within(1e-12));
  }

  /// scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4]) is 0.9486832980505138.
  @Test
  void equalValuesShareTheirRanks() {
    assertThat(RankCorrelation.spearman(of(1, 2, 2, 3), of(1, 3, 2, 4)))
        .isCloseTo(0.9486832980505138, within(1e-12));
  }

  @Test
  void aConstantHasNoOrder() {
    assertThat(RankCorrelation.spearman(of(1, 1, 1), of(1, 2, 3))).isNaN();
    assertThatThrownBy(() -> RankCorrelation.spearman(of(1), of(1, 2)))
        .hasMessageContaining("1 and 2 values");
  }

  @Test
  void anEmbedderIsJudgedByItsCosines() {
    float[][] vectors = {{1, 0}, {1, 0}, {1, 0}, {2, 0}, {1, 1}, {0, 3}};
    Similarities good = Similarities.of(vectors, of(5, 3, 1));
    Similarities bad = new Similarities(of(0.1, 0.2, 0.3), of(5, 3, 1));
    Bootstrap bootstrap = Bootstrap.ofSeed(1);

    assertThat(good.cosines()).containsExactly(of(1, Math.sqrt(0.5), 0), within(1e-7));
    assertThat(good.spearman()).isCloseTo(1, within(1e-12));
    assertThat(bad.spearman()).isCloseTo(-1, within(1e-12));
    assertThat(good.measurements(bootstrap).get(Metric.SPEARMAN))
        .extracting(Measured::value)
        .isEqualTo(good.spearman());
    Map<Metric, Measured> against = bad.against(good, bootstrap);
    assertThat(against.get(Metric.RETENTION)).extracting(Measured::value).isEqualTo(-1.0);
    assertThat(against.get(Metric.TEACHER_CORRELATION)).extracting(Measured::value).isEqualTo(-1.0);
    assertThat(good.difference(bad, bootstrap).value()).isCloseTo(2, within(1e-12));
    assertThatThrownBy(() -> good.against(new Similarities(of(1, 1, 1), of(1, 2, 3)), bootstrap))
        .hasMessageContaining("same pairs");
  }

  private static double[] of(double... values) {
    return values;
  }
}
