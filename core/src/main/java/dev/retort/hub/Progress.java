package dev.retort.hub;

import java.time.Duration;
import java.util.OptionalLong;

/// Hears how downloads go.
@FunctionalInterface
public interface Progress {

  /// Called as bytes arrive, and once when a file is complete.
  ///
  /// @param file the name of the file within its repository
  /// @param bytes how many bytes of the file are on the disk
  /// @param total the size of the file, where the server says it
  void downloaded(String file, long bytes, OptionalLong total);

  /// Called before a pause after a fault that may pass.
  ///
  /// @param reason what went wrong, with the address
  /// @param pause how long until the next attempt
  default void waiting(String reason, Duration pause) {}

  /// Hears nothing.
  static Progress none() {
    return (file, bytes, total) -> {};
  }
}
