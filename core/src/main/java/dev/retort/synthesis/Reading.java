package dev.retort.synthesis;

import java.util.function.Function;

/// What was read out of an answer.
///
/// @param <T> what was asked for
public sealed interface Reading<T> {

  /// The answer has the form that was asked for.
  ///
  /// @param value what it says
  record Clear<T>(T value) implements Reading<T> {}

  /// It has not, so that nothing is read out of it: a guess would look like an answer.
  ///
  /// @param reason why, with what stood there
  record Unclear<T>(String reason) implements Reading<T> {}

  /// Reads on in what is clear.
  default <R> Reading<R> then(Function<? super T, Reading<R>> next) {
    return switch (this) {
      case Clear<T>(T value) -> next.apply(value);
      case Unclear<T>(String reason) -> new Unclear<>(reason);
    };
  }

  /// An answer without the form that was asked for.
  ///
  /// @param reason what is wrong with it
  /// @param text what it says, of which the beginning is shown
  static <T> Reading<T> unclear(String reason, String text) {
    return new Unclear<>("%s: '%s'".formatted(reason, Shown.of(text)));
  }
}
