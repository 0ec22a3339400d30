package dev.retort.api.fake;

import java.util.List;
import java.util.Optional;

/// What a fake API was asked.
///
/// @param model the model's name
/// @param texts all that was said to it
/// @param maxTokens tokens of the answer at most
/// @param topLogprobs alternatives wanted; empty if no log-probabilities are
/// @param schema name of the form that the answer must have
/// @param streaming whether the answer goes out in pieces
/// @param echo whether the text itself comes before the answer
record FakeQuestion(
    String model,
    List<String> texts,
    int maxTokens,
    Optional<Integer> topLogprobs,
    Optional<String> schema,
    boolean streaming,
    boolean echo) {

  /// The last thing that was said.
  String text() {
    return texts.getLast();
  }
}
