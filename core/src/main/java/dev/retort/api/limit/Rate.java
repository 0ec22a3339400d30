package dev.retort.api.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/// So much in a minute and, because APIs watch shorter spans than that as well, never more than a
/// second's worth at once. Who comes first is served first.
///
/// @param bucket holds what may be taken now; empty if there is no limit
record Rate(Optional<Bucket> bucket, TimeSource time) {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /// A rate.
  ///
  /// @param perMinute what may be taken in a minute; without a limit if empty
  static Rate of(Optional<Integer> perMinute, TimeSource time) {
    return new Rate(perMinute.map(amount -> bucket(amount, time)), time);
  }

  /// Waits until `amount` may be taken, and takes it. More than a second's worth is waited for
  /// until that much has come together.
  void take(long amount) throws InterruptedException {
    if (bucket.isPresent() && amount > 0) {
      bucket.get().asBlocking().consume(amount, nanos -> time.sleep(Duration.ofNanos(nanos)));
    }
  }

  /// Says that what was taken as `estimated` was `used` in truth.
  void correct(long estimated, long used) {
    bucket.ifPresent(amounts -> {
      if (used < estimated) {
        amounts.addTokens(estimated - used);
      } else if (used > estimated) {
        amounts.consumeIgnoringRateLimits(used - estimated);
      }
    });
  }

  private static Bucket bucket(int perMinute, TimeSource time) {
    int perSecond = Math.max(1, perMinute / (int) MINUTE.toSeconds());
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perMinute, MINUTE))
        .withCustomTimePrecision(new Meter(time))
        .build();
  }

  /// @param time the clock it shows
  private record Meter(TimeSource time) implements TimeMeter {

    @Override
    public long currentTimeNanos() {
      return time.nanos();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
