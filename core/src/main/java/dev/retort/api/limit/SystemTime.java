package dev.retort.api.limit;

import java.time.Duration;

/// The time of this machine.
///
/// @param start what its clock said when this time began
record SystemTime(long start) implements TimeSource {

  @Override
  public long nanos() {
    return System.nanoTime() - start;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
