package dev.retort.api.limit;

import dev.failsafe.CircuitBreaker;
import dev.retort.api.PermanentApiException;
import dev.retort.api.RetryableApiException;
import java.time.Duration;

/// A circuit breaker: after a number of failures in a row everybody waits, then one request at a
/// time tries whether the API is back.
///
/// An API that refuses a request, or says when to come back, is there; only silence, broken answers
/// and faults of the server count as failures.
final class Breaker {

  private static final Duration NEVER = Duration.ofDays(100_000);
  private static final int LOOKS_PER_REST = 10;

  private final CircuitBreaker<Object> circuit;
  private final Duration rest;
  private final TimeSource time;
  private volatile long restEnds;
  private volatile String lastFailure = "";

  /// @param failures in a row after which everybody waits
  /// @param rest how long nobody asks then
  Breaker(int failures, Duration rest, TimeSource time) {
    this.rest = rest;
    this.time = time;
    // Failsafe counts; this class tells the time, so that a test may tell another.
    this.circuit =
        CircuitBreaker.builder()
            .withFailureThreshold(failures)
            .withSuccessThreshold(1)
            .withDelay(NEVER)
            .onOpen(_ -> restEnds = time.nanos() + rest.toNanos())
            .build();
  }

  /// Waits until a request may be made.
  ///
  /// @param patience what waiting is taken from
  /// @return whether there was leave before patience ended
  boolean admits(Patience patience) throws InterruptedException {
    while (!circuit.tryAcquirePermit()) {
      if (circuit.isOpen() && time.nanos() >= restEnds) {
        circuit.halfOpen();
        continue;
      }
      // Half-open, another request is trying; when it is back is not known.
      long wait = Math.max(restEnds - time.nanos(), rest.toNanos() / LOOKS_PER_REST);
      if (!patience.pause(Duration.ofNanos(wait))) {
        return false;
      }
    }
    return true;
  }

  /// Whether everybody waits.
  boolean isOpen() {
    return circuit.isOpen();
  }

  /// What the last request that failed said.
  String lastFailure() {
    return lastFailure;
  }

  /// Makes a request that was admitted, and learns from what becomes of it.
  <T> T run(Call<T> call) throws InterruptedException {
    boolean isThere = false;
    try {
      T result = call.run();
      isThere = true;
      return result;
    } catch (RetryableApiException e) {
      isThere = e.retryAfter().isPresent();
      lastFailure = String.valueOf(e.getMessage());
      throw e;
    } catch (PermanentApiException e) {
      isThere = true;
      throw e;
    } finally {
      if (isThere) {
        circuit.recordSuccess();
      } else {
        circuit.recordFailure();
      }
    }
  }
}
