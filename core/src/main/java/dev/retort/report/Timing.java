package dev.retort.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// When a run started and finished, and how long each of its phases took, in their order.
public record Timing(Instant started, Instant finished, Map<String, Duration> phases) {

  public Timing {
    phases = Ordered.copy(phases);
  }

  /// The time from start to finish.
  public Duration total() {
    return Duration.between(started, finished);
  }
}
