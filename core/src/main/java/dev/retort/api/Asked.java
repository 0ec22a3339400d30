package dev.retort.api;

/// What became of one of many questions.
///
/// @param <T> what was asked about, such as a row of a table
public sealed interface Asked<T> permits Asked.Answered, Asked.Failed {

  /// What was asked about.
  T subject();

  /// The model answered.
  ///
  /// @param subject what was asked about
  /// @param answer what it said
  record Answered<T>(T subject, ChatAnswer answer) implements Asked<T> {}

  /// There is no answer to this question; others may have one.
  ///
  /// @param subject what was asked about
  /// @param failure why there is none
  record Failed<T>(T subject, ApiException failure) implements Asked<T> {}
}
