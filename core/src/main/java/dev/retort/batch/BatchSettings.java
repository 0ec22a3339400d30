package dev.retort.batch;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.time.Duration;

/// The `batch:` section of a teacher behind OpenAI's Batch API.
///
/// @param maxRequests requests of one batch at most
/// @param maxMegabytes size of one batch's file at most
/// @param pollSeconds how long to wait before asking again how far batches are
public record BatchSettings(
    @Default("50000") @Doc("Requests of one batch at most; the API takes 50,000.") int maxRequests,
    @Default("190") @Doc("Megabytes of one batch's file at most; the API takes 200.")
        int maxMegabytes,
    @Default("30.0") @Doc("Seconds before asking again how far batches are.") double pollSeconds) {

  private static final int MEGABYTE = 1_000_000;

  public BatchSettings {
    Check.within("maxRequests", maxRequests, 1, 50_000);
    Check.within("maxMegabytes", maxMegabytes, 1, 200);
    Check.positive("pollSeconds", pollSeconds);
  }

  long maxBytes() {
    return (long) maxMegabytes * MEGABYTE;
  }

  Duration poll() {
    return Duration.ofMillis(Math.round(1000 * pollSeconds));
  }
}
