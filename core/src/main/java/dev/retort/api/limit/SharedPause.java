package dev.retort.api.limit;

import dev.retort.api.PermanentApiException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A pause that an API asked one request for and that all others keep too.
final class SharedPause {

  private final TimeSource time;
  private final Duration longest;
  private final AtomicLong end = new AtomicLong();

  /// @param longest the longest pause that is waited for
  SharedPause(TimeSource time, Duration longest) {
    this.time = time;
    this.longest = longest;
  }

  /// Lets everybody wait for `pause` from now on, unless they already wait for longer.
  void extend(Duration pause) {
    end.accumulateAndGet(time.nanos() + pause.toNanos(), Math::max);
  }

  /// Waits for the end of the pause, if there is one.
  ///
  /// @throws PermanentApiException if it is longer than anybody waits
  void await(String api) throws InterruptedException {
    for (long rest = end.get() - time.nanos(); rest > 0; rest = end.get() - time.nanos()) {
      Duration wait = Duration.ofNanos(rest);
      if (wait.compareTo(longest) > 0) {
        throw new PermanentApiException(
            "%s asks for a pause of %d s, which is more than the %d s of patience; run again then"
                .formatted(api, wait.toSeconds(), longest.toSeconds()),
            PermanentApiException.Scope.ALL);
      }
      time.sleep(wait);
    }
  }
}
