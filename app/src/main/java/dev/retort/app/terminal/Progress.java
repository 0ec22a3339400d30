package dev.retort.app.terminal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// How far one phase of a run has come.
///
/// @param phase what is being done, such as "train"
/// @param first the step at which this process began; above 0 after a resume
/// @param step steps done, those before a resume among them
/// @param total steps to do in all, or 0 if nobody knows
/// @param elapsed time since this process began the phase
/// @param metrics numbers worth watching, the most important first
public record Progress(
    String phase, long first, long step, long total, Duration elapsed, List<Metric> metrics) {

  public Progress {
    metrics = List.copyOf(metrics);
    if (first < 0 || step < first || total < 0 || elapsed.isNegative()) {
      throw new IllegalArgumentException(
          "progress needs 0 <= first <= step, total >= 0 and elapsed >= 0 but has %d, %d, %d and %s"
              .formatted(first, step, total, elapsed));
    }
  }

  /// Whether nothing is left to do.
  public boolean isDone() {
    return total > 0 && step >= total;
  }

  /// Steps per second since this process began; empty before the first step.
  public OptionalDouble rate() {
    return step == first || elapsed.isZero()
        ? OptionalDouble.empty()
        : OptionalDouble.of((step - first) / (elapsed.toNanos() / 1e9));
  }

  /// The time that the remaining steps take at this [#rate]; empty if it cannot be told.
  public Optional<Duration> remaining() {
    OptionalDouble rate = rate();
    return total == 0 || rate.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Duration.ofSeconds(Math.round(Math.max(0, total - step) / rate.getAsDouble())));
  }

  /// The done part of the work in percent, rounded down so that 100 means done; 0 if the total is
  /// unknown.
  public int percent() {
    return total == 0 ? 0 : (int) (Math.min(step, total) * 100.0 / total);
  }
}
