package dev.retort.export;

/// A student that cannot be exported, or whose exported file does not compute what the student
/// computes. The message names the file, what was found and what to do.
public final class ExportException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// A problem with no cause but itself.
  public ExportException(String message) {
    super(message);
  }

  /// A problem that another exception explains further.
  public ExportException(String message, Throwable cause) {
    super(message, cause);
  }
}
