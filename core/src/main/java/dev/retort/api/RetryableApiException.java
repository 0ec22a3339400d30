package dev.retort.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The same request may succeed later: too many requests, a fault of the server, a connection that
/// broke, an answer that was cut or could not be read.
public final class RetryableApiException extends ApiException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  /// @param retryAfter how long the API asked to wait
  public RetryableApiException(String message, Optional<Duration> retryAfter) {
    super(message);
    this.retryAfter = retryAfter.orElse(null);
  }

  /// @param cause what broke
  public RetryableApiException(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  /// How long the API asked to wait.
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
