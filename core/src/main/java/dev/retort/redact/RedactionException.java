package dev.retort.redact;

/// A text could not be searched for what must not leave the machine, so nothing of it was sent.
public final class RedactionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RedactionException(String message) {
    super(message);
  }

  RedactionException(String message, Throwable cause) {
    super(message, cause);
  }
}
