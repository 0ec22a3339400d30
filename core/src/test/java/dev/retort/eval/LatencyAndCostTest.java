package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyAndCostTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.ofSeed(7);

  @Test
  void percentilesAreNearestRanks() {
    long[] shuffled = LongStream.rangeClosed(1, 100).map(i -> (i * 37 % 101) * 1_000_000).toArray();

    Latency latency = Latency.ofNanos(shuffled, 1, BOOTSTRAP);

    assertThat(latency.p50().value()).isEqualTo(50);
    assertThat(latency.p95().value()).isEqualTo(95);
    assertThat(latency.p99().value()).isEqualTo(99);
  }

  @Test
  void theMedianOfTenLiesBetweenTheSecondAndTheNinth() {
    // P(2 <= binomial(10, 1/2) <= 8) = 0.979, the textbook interval.
    Measured median = Percentiles.of(ascending(10), 0.5);

    assertThat(median).isEqualTo(new Measured(5, 2, 9, 10));
  }

  @Test
  void anUpperBoundNeedsEnoughRequests() {
    // 0.95^72 = 0.0249 and 0.99^368 = 0.0248, just under 2.5 %.
    assertThat(Percentiles.of(ascending(71), 0.95).high()).isInfinite();
    assertThat(Percentiles.of(ascending(72), 0.95).high()).isEqualTo(72);
    assertThat(Percentiles.of(ascending(367), 0.99).high()).isInfinite();
    assertThat(Percentiles.of(ascending(368), 0.99).high()).isEqualTo(368);
    assertThat(Percentiles.of(ascending(1), 0.5))
        .isEqualTo(new Measured(1, 0, Double.POSITIVE_INFINITY, 1));
  }

  @Test
  void manyRequestsGiveTheNormalApproximation() {
    Measured p95 = Percentiles.of(ascending(10_000), 0.95);

    // 9500 ± 1.96 · sqrt(10000 · .95 · .05) = 9500 ± 42.7
    assertThat(p95.low()).isCloseTo(9457.3, within(2.0));
    assertThat(p95.high()).isCloseTo(9543.7, within(2.0));
  }

  @Test
  void throughputCountsTextsPerSecond() {
    long[] twoMillisecondsEach = LongStream.generate(() -> 2_000_000).limit(100).toArray();

    Measured throughput = Latency.ofNanos(twoMillisecondsEach, 8, BOOTSTRAP).throughput();

    assertThat(throughput.value()).isCloseTo(4000, within(1e-9));
    assertThat(throughput.high()).isCloseTo(4000, within(1e-9));
  }

  @Test
  void refusesNoRequestsAndStoppedClocks() {
    assertThatThrownBy(() -> Latency.ofNanos(new long[0], 1, BOOTSTRAP))
        .hasMessageContaining("none");
    assertThatThrownBy(() -> Latency.ofNanos(new long[] {5, 0}, 1, BOOTSTRAP))
        .hasMessageContaining("got 0 ns");
  }

  @Test
  void costByHand() {
    // 100 requests/s are 360,000 an hour: 0.36 an hour buys a thousand for 0.001.
    Cost cost =
        Cost.of(new Prices(0.101, 0.36, 0), new Measured(100, 50, 200, 10), OptionalDouble.of(2));

    assertThat(cost.studentPer1000().value()).isCloseTo(0.001, within(1e-12));
    assertThat(cost.studentPer1000().low()).isCloseTo(0.0005, within(1e-12));
    assertThat(cost.studentPer1000().high()).isCloseTo(0.002, within(1e-12));
    assertThat(cost.savingPer1000().value()).isCloseTo(0.1, within(1e-12));
    // 2 h of training cost 0.72; a request saves 0.0001.
    assertThat(cost.breakEvenRequests().orElseThrow().value()).isCloseTo(7200, within(1e-6));
    assertThat(cost.measurements())
        .containsOnlyKeys(Metric.COST_PER_1000, Metric.SAVING_PER_1000, Metric.BREAK_EVEN_REQUESTS);
  }

  @Test
  void aStudentDearerThanItsTeacherNeverPaysOff() {
    Cost cost = Cost.of(new Prices(0.0001, 0.36, 0), Measured.exactly(100), OptionalDouble.of(2));

    assertThat(cost.savingPer1000().value()).isNegative();
    assertThat(cost.breakEvenRequests().orElseThrow().value()).isInfinite();
  }

  @Test
  void answersThatWerePaidForMustPayOffToo() {
    Cost cost = Cost.of(new Prices(0.101, 0.36, 0.5), Measured.exactly(100), OptionalDouble.of(2));

    assertThat(cost.breakEvenRequests().orElseThrow().value())
        .isCloseTo(1000 * (2 * 0.36 + 0.5) / (0.101 - 0.001), within(1e-9));
  }

  @Test
  void withoutTrainingHoursThereIsNoBreakEven() {
    Cost cost = Cost.of(new Prices(0.101, 0.36, 0), Measured.exactly(100), OptionalDouble.empty());

    assertThat(cost.breakEvenRequests()).isEmpty();
    assertThatThrownBy(() -> new Prices(-1, 0, 0))
        .hasMessageContaining("teacherPer1000Requests must be 0 or more but is -1.0");
  }

  private static double[] ascending(int n) {
    return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
  }
}
