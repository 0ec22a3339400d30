package dev.retort.run;

import java.io.IOException;

/// A run's folder that cannot be used for what was asked.
public final class RunException extends IOException {

  private static final long serialVersionUID = 1;

  RunException(String message) {
    super(message);
  }

  RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
