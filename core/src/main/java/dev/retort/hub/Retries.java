package dev.retort.hub;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import java.io.IOException;
import java.time.Duration;

/// Repeats what fails for reasons that may pass, with pauses that double or that the server names.
///
/// @param firstPause the pause after the first failure
/// @param progress hears of the pauses
record Retries(Duration firstPause, Progress progress) {

  private static final int ATTEMPTS = 6;
  private static final int LONGEST_PAUSE_FACTOR = 60;
  private static final Duration UNNAMED = Duration.ofNanos(-1);

  /// Runs `action` until it succeeds, is refused, or has failed too often.
  ///
  /// @param subject what the messages call the download
  /// @throws HubException when it does not succeed
  <T> T run(String subject, CheckedSupplier<T> action) throws HubException {
    try {
      return Failsafe.with(this.<T>policy(subject)).get(action);
    } catch (FailsafeException e) {
      throw explained(subject, e);
    }
  }

  private <T> RetryPolicy<T> policy(String subject) {
    return RetryPolicy.<T>builder()
        .handle(IOException.class)
        .abortOn(HubException.class)
        .withMaxAttempts(ATTEMPTS)
        .withBackoff(firstPause, firstPause.multipliedBy(LONGEST_PAUSE_FACTOR))
        .withDelayFnOn(context -> namedPause(context.getLastException()), PassingFault.class)
        .onRetryScheduled(event ->
            progress.waiting(
                subject + ": " + described(event.getLastException()), event.getDelay()))
        .build();
  }

  /// The pause that the server named, or a negative one, for which Failsafe takes its own.
  private static Duration namedPause(Throwable failure) {
    return failure instanceof PassingFault fault ? fault.pause().orElse(UNNAMED) : UNNAMED;
  }

  private static HubException explained(String subject, FailsafeException failure) {
    return switch (failure.getCause()) {
      case HubException refusal -> refusal;
      case InterruptedException interrupted -> {
        Thread.currentThread().interrupt();
        yield new HubException(subject + ": interrupted", interrupted);
      }
      case IOException fault ->
          new HubException(
              "%s: %s, %d times; check the network and try again: what has arrived is kept"
                  .formatted(subject, described(fault), ATTEMPTS),
              fault);
      case null, default -> throw failure;
    };
  }

  private static String described(Throwable failure) {
    String message = failure.getMessage();
    return failure instanceof PassingFault && message != null ? message : failure.toString();
  }
}
