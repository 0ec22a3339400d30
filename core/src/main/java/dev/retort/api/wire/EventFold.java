package dev.retort.api.wire;

import tools.jackson.databind.node.ObjectNode;

/// Makes of the events of one stream the answer that the API would have given in one piece. Only
/// that answer is kept, not the events, which repeat themselves many times over.
public sealed interface EventFold permits OpenAiFold, AnthropicFold {

  /// What ends a stream of OpenAI's; it is no JSON.
  String DONE = "[DONE]";

  /// Takes the next event, which is JSON.
  void add(Answer event);

  /// Takes [#DONE], if the API ends its streams so.
  void done();

  /// Whether the end of the stream was among the events: an answer without it was cut.
  boolean isEnded();

  /// The answer.
  ObjectNode whole();
}
