package dev.retort.runtime;

/// A student that cannot be used as it is: a file missing, damaged or contradicting another one, or
/// a model that fails while it answers. The message says which file, what was found and what to do.
///
/// Reading errors of the file system itself stay `IOException`s.
public final class StudentException extends RuntimeException {
  /// A problem found by Retort itself.
  public StudentException(String message) {
    super(message);
  }

  /// A problem reported by a library underneath, which stays visible as the cause.
  public StudentException(String message, Throwable cause) {
    super(message, cause);
  }
}
