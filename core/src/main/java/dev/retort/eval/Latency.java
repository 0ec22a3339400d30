package dev.retort.eval;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// How long requests take, in milliseconds, and how many texts are answered per second.
///
/// Percentiles are by nearest rank; their intervals are order statistics and assume no
/// distribution. A p99 needs 368 requests, a p95 72, before its interval has an upper bound.
public record Latency(Measured p50, Measured p95, Measured p99, Measured throughput) {

  /// The latency of requests made one after the other, each taking `nanos[i]` nanoseconds for
  /// `textsPerRequest` texts.
  public static Latency ofNanos(long[] nanos, int textsPerRequest, Bootstrap bootstrap) {
    if (nanos.length == 0 || Arrays.stream(nanos).anyMatch(sample -> sample <= 0)) {
      throw new IllegalArgumentException(
          "latency needs at least one request, and every request takes more than 0 ns, but got "
              + (nanos.length == 0 ? "none" : Arrays.stream(nanos).min().getAsLong() + " ns"));
    }
    double[] ascending =
        Arrays.stream(nanos).sorted().mapToDouble(sample -> sample / 1e6).toArray();
    return new Latency(
        Percentiles.of(ascending, 0.50),
        Percentiles.of(ascending, 0.95),
        Percentiles.of(ascending, 0.99),
        bootstrap.percentile(nanos.length, drawn -> throughput(nanos, drawn, textsPerRequest)));
  }

  /// The numbers under their metrics.
  public Map<Metric, Measured> measurements() {
    Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
    measurements.put(Metric.P50_LATENCY_MS, p50);
    measurements.put(Metric.P95_LATENCY_MS, p95);
    measurements.put(Metric.P99_LATENCY_MS, p99);
    measurements.put(Metric.THROUGHPUT, throughput);
    return measurements;
  }

  private static double throughput(long[] nanos, int[] requests, int textsPerRequest) {
    double sum = 0;
    for (int request : requests) {
      sum += nanos[request];
    }
    return 1e9 * textsPerRequest * requests.length / sum;
  }
}
