package dev.retort.app.exit;

import java.util.Objects;
import java.util.stream.Stream;

/// The chain of causes of an exception.
final class Causes {

  private static final int MOST = 20;

  private Causes() {}

  /// The exception itself, its cause, the cause of that, and so on.
  static Stream<Throwable> of(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).limit(MOST);
  }
}
