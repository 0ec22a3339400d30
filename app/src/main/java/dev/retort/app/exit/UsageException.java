package dev.retort.app.exit;

/// A command line, or an environment variable, that a command cannot follow. The message says what
/// was found, what is allowed and what to do.
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// A problem with no cause but itself.
  public UsageException(String message) {
    super(message);
  }

  /// A problem that another exception explains further.
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
