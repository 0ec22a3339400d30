package dev.retort.api.wire;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.api.PermanentApiException;
import dev.retort.api.RetryableApiException;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// An API over HTTP, as far as requests and answers go.
public sealed interface Wire permits OpenAiChat, OpenAiCompletions, AnthropicMessages {

  /// Where requests are posted.
  Endpoint endpoint();

  /// What says who asks; these headers hold the key.
  Map<String, String> headers();

  /// A request as JSON.
  ///
  /// @param streaming whether the answer is to come as events
  /// @throws PermanentApiException if the API offers no such request
  ObjectNode body(ChatRequest request, boolean streaming);

  /// Reads a whole answer.
  ///
  /// @throws RetryableApiException if it is not what the API promises; the message names the place
  ChatAnswer answer(Answer whole);

  /// What makes a whole answer of the events of one stream.
  EventFold fold();
}
