package dev.retort.api.wire;

import tools.jackson.databind.node.ObjectNode;

/// Makes of the pieces of a choice of OpenAI's APIs the whole choice.
sealed interface ChoiceFold permits ChatChoiceFold, CompletionChoiceFold {

  /// Takes the next piece.
  void add(Answer piece);

  /// The choice, but for why it ended.
  ObjectNode whole();
}
