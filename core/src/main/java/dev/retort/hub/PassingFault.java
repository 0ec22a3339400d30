package dev.retort.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A fault of a server or the network that may be gone at the next attempt.
final class PassingFault extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> pause;

  PassingFault(String message, Optional<Duration> pause) {
    super(message);
    this.pause = pause;
  }

  /// How long the server asks to wait, where it does.
  Optional<Duration> pause() {
    return pause;
  }
}
