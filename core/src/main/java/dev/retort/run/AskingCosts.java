package dev.retort.run;

import dev.retort.eval.Bootstrap;
import dev.retort.eval.Latency;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.remote.RemoteSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What asking a teacher behind an API costs and how long it takes, by what the ledger noted when
/// it was asked about the test texts.
final class AskingCosts {

  private AskingCosts() {}

  /// The price of 1,000 texts in dollars, if the teacher has one, and how long a text takes with
  /// all of its votes one after the other.
  ///
  /// How long is not said where it would be the time of something else: of a batch, of waiting for
  /// a limit per minute, or of a file that was imported.
  ///
  /// @param texts for each text the answers about it
  static Map<Metric, Measured> of(
      RemoteSettings teacher, List<List<Entry>> texts, Bootstrap bootstrap) {
    Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
    if (texts.isEmpty()) {
      return measurements;
    }
    double[] prices = texts.stream().mapToDouble(AskingCosts::thousand).toArray();
    if (teacher.price().isPresent()) {
      measurements.put(Metric.COST_PER_1000, bootstrap.mean(prices));
    }
    long[] nanos = texts.stream().mapToLong(AskingCosts::nanos).toArray();
    if (isUnhindered(teacher) && Arrays.stream(nanos).allMatch(took -> took > 0)) {
      Latency latency = Latency.ofNanos(nanos, 1, bootstrap);
      measurements.put(Metric.P50_LATENCY_MS, latency.p50());
      measurements.put(Metric.P95_LATENCY_MS, latency.p95());
      measurements.put(Metric.P99_LATENCY_MS, latency.p99());
    }
    return measurements;
  }

  private static boolean isUnhindered(RemoteSettings teacher) {
    return teacher.batch().isEmpty()
        && teacher.reached().requestsPerMinute().isEmpty()
        && teacher.reached().tokensPerMinute().isEmpty();
  }

  private static double thousand(List<Entry> answers) {
    return 1000
        * answers.stream()
            .map(Entry::paid)
            .reduce(Dollars.ZERO, Dollars::plus)
            .amount()
            .doubleValue();
  }

  private static long nanos(List<Entry> answers) {
    return answers.stream().map(Entry::latency).reduce(Duration.ZERO, Duration::plus).toNanos();
  }
}
