package dev.retort.api.limit;

import java.time.Duration;

/// What one request may still spend on pauses. The requests themselves, and waiting for their turn
/// under a limit, are not taken from it.
final class Patience {

  private final TimeSource time;
  private Duration left;

  Patience(TimeSource time, Duration whole) {
    this.time = time;
    this.left = whole;
  }

  /// Pauses, or returns false at once if that is more than what is left.
  boolean pause(Duration pause) throws InterruptedException {
    if (pause.compareTo(left) > 0) {
      return false;
    }
    left = left.minus(pause);
    time.sleep(pause);
    return true;
  }
}
