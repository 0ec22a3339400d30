package dev.retort.synthesis;

import dev.retort.ledger.Dollars;
import dev.retort.ledger.Estimate;
import java.util.Locale;

/// What a step would cost, as far as it can be known before the answers of earlier requests are.
///
/// @param step its place and name, such as `steps[1] judge`
/// @param known requests whose texts are known
/// @param further how many may follow at most, whose texts are not
/// @param furtherOutput what their answers can cost; what they read is not counted
public record StepEstimate(String step, Estimate known, long further, Dollars furtherOutput) {

  /// The line a user reads.
  @Override
  public String toString() {
    String rest =
        String.format(
            Locale.ROOT,
            "at most %,d requests about texts that do not exist yet, whose answers cost %s at most",
            further,
            furtherOutput);
    if (further == 0) {
      return "%s: %s".formatted(step, known);
    }
    return known.requests() == 0
        ? "%s: %s".formatted(step, rest)
        : "%s: %s; then %s".formatted(step, known, rest);
  }
}
