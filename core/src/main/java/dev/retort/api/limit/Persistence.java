package dev.retort.api.limit;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import dev.retort.api.PermanentApiException;
import dev.retort.api.RetryableApiException;
import java.time.Duration;
import java.util.Optional;

/// How often and how long a request that failed is made again, and when an API counts as down.
///
/// Pauses double from attempt to attempt and vary by chance, so that requests that failed together
/// do not come back together; they are never shorter than what the API asked for. All that ask one
/// API share the knowledge that it is down.
public final class Persistence {

  private static final double JITTER = 0.25;
  private static final Duration UNNAMED = Duration.ofNanos(-1); // Failsafe then takes its own

  private final Settings settings;
  private final TimeSource time;
  private final RetryPolicy<Object> policy;
  private final Breaker breaker;

  /// Patience in numbers.
  ///
  /// @param attempts how often one request is made at most
  /// @param firstPause before the second attempt
  /// @param longestPause before any later one, unless the API asks for more
  /// @param patience how long one request pauses at most, all its pauses together
  /// @param failuresInRow after which the API counts as down
  /// @param rest how long nobody asks an API that is down
  public record Settings(
      int attempts,
      Duration firstPause,
      Duration longestPause,
      Duration patience,
      int failuresInRow,
      Duration rest) {

    /// What suits APIs on the internet.
    public static Settings of(int attempts, Duration patience) {
      return new Settings(
          attempts,
          Duration.ofMillis(500),
          Duration.ofSeconds(60),
          patience,
          10,
          Duration.ofSeconds(20));
    }
  }

  public Persistence(Settings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
    this.breaker = new Breaker(settings.failuresInRow(), settings.rest(), time);
    this.policy =
        RetryPolicy.builder()
            .handle(RetryableApiException.class)
            .withMaxAttempts(settings.attempts())
            .withBackoff(settings.firstPause(), settings.longestPause())
            .withJitter(JITTER)
            .withDelayFnOn(
                context -> retryAfter(context.getLastException()), RetryableApiException.class)
            .build();
  }

  /// Makes a request until it succeeds, is refused, or there have been too many attempts.
  ///
  /// @param api its name, for messages
  /// @throws RetryableApiException if this request alone did not succeed
  /// @throws PermanentApiException if it was refused, or if the API has been down for too long; the
  ///   latter concerns all requests
  public <T> T run(String api, Call<T> call) throws InterruptedException {
    Patience patience = new Patience(time, settings.patience());
    Execution<Object> attempts = Execution.of(policy);
    while (true) {
      if (!breaker.admits(patience)) {
        throw down(api);
      }
      try {
        return breaker.run(call);
      } catch (RetryableApiException e) {
        attempts.recordException(e);
        Duration pause = longer(attempts.getDelay(), e.retryAfter());
        if (attempts.isComplete()) {
          throw exhausted(e, attempts.getAttemptCount());
        }
        if (!patience.pause(pause)) {
          throw breaker.isOpen() ? down(api) : exhausted(e, attempts.getAttemptCount());
        }
      }
    }
  }

  private static Duration retryAfter(Throwable failure) {
    return failure instanceof RetryableApiException retryable
        ? retryable.retryAfter().orElse(UNNAMED)
        : UNNAMED;
  }

  private static Duration longer(Duration pause, Optional<Duration> asked) {
    return asked.filter(other -> other.compareTo(pause) > 0).orElse(pause);
  }

  private PermanentApiException down(String api) {
    return new PermanentApiException(
        "%s is down: %d requests in a row failed, and after %d s none succeeds; run again later; the last failure was: %s"
            .formatted(
                api,
                settings.failuresInRow(),
                settings.patience().toSeconds(),
                breaker.lastFailure()),
        PermanentApiException.Scope.ALL);
  }

  private static RetryableApiException exhausted(RetryableApiException last, int attempts) {
    return new RetryableApiException(
        "%s; gave up after %d attempt%s"
            .formatted(last.getMessage(), attempts, attempts == 1 ? "" : "s"),
        last);
  }
}
