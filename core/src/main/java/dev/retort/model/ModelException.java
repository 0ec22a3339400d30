package dev.retort.model;

/// A model that cannot be used as it lies on disk. The message names the file, what was found and
/// what would do.
public final class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// A problem with no cause but itself.
  public ModelException(String message) {
    super(message);
  }

  /// A problem that another exception explains further.
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
