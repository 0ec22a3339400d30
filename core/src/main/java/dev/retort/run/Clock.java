package dev.retort.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// How long each stretch of a run has taken.
final class Clock {

  private final SequencedMap<String, Duration> phases = new LinkedHashMap<>();

  /// Work that may fail for want of a file.
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /// Does `work` and adds its time to `phase`.
  <T, E extends Exception> T time(String phase, Work<T, E> work) throws E {
    long start = System.nanoTime();
    try {
      return work.run();
    } finally {
      phases.merge(phase, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
    }
  }

  /// The times so far, in the order of their beginnings.
  SequencedMap<String, Duration> phases() {
    return new LinkedHashMap<>(phases);
  }
}
