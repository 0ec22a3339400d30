package dev.retort.train;

import java.io.IOException;

/// A checkpoint that cannot be gone on from.
public final class CheckpointException extends IOException {

  private static final long serialVersionUID = 1;

  /// A problem that another exception explains further.
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
