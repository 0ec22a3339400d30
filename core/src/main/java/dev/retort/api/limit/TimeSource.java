package dev.retort.api.limit;

import java.time.Duration;

/// Time as limits and pauses know it; a test's passes without anybody waiting.
public interface TimeSource {

  /// Nanoseconds since some moment before; they never go back.
  long nanos();

  /// Lets the calling thread wait.
  void sleep(Duration duration) throws InterruptedException;

  /// The time of this machine.
  static TimeSource system() {
    return new SystemTime(System.nanoTime());
  }
}
