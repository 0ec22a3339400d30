package dev.retort.hub;

import java.io.IOException;

/// A download that cannot succeed until the user changes something. The message names the address
/// or file, what was found, and what to do.
public final class HubException extends IOException {

  private static final long serialVersionUID = 1L;

  HubException(String message) {
    super(message);
  }

  HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
