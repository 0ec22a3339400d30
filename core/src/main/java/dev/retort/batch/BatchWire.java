package dev.retort.batch;

import dev.retort.api.ApiException;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import tools.jackson.databind.JsonNode;

/// How the requests of a batch are written and its answers read: as those of the same API that are
/// asked one by one.
public interface BatchWire {

  /// The body of a request.
  ///
  /// @throws ApiException if the API offers no such request
  JsonNode body(ChatRequest request);

  /// Reads the body of a response.
  ///
  /// @throws ApiException if it is not what the API promises
  ChatAnswer answer(JsonNode body);
}
