package dev.retort.api;

import dev.retort.api.limit.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Time that passes when somebody sleeps, and at once.
public final class FakeTime implements TimeSource {

  private final AtomicLong now = new AtomicLong();
  private final Queue<Duration> pauses = new ConcurrentLinkedQueue<>();

  @Override
  public long nanos() {
    return now.get();
  }

  @Override
  public void sleep(Duration duration) {
    pauses.add(duration);
    now.addAndGet(duration.toNanos());
  }

  /// Lets time pass.
  public void pass(Duration duration) {
    now.addAndGet(duration.toNanos());
  }

  /// Time since the beginning.
  public Duration passed() {
    return Duration.ofNanos(now.get());
  }

  /// Everything that was slept, in order.
  public List<Duration> pauses() {
    return List.copyOf(pauses);
  }
}
