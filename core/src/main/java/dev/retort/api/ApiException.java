package dev.retort.api;

/// An API did not answer a request. Its message names the endpoint and what it said, never a key.
public abstract sealed class ApiException extends RuntimeException
    permits RetryableApiException, PermanentApiException {

  private static final long serialVersionUID = 1L;

  ApiException(String message) {
    super(message);
  }

  ApiException(String message, Throwable cause) {
    super(message, cause);
  }
}
